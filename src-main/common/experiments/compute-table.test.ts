import { describe, expect, it } from 'vitest'
import { computeTable } from './compute-table.ts'
import type { ComparisonCell } from './comparison-table.ts'
import type { Answer, ComparisonRow, Experiment } from './experiment.ts'
import type { AnswerVerdict, ExperimentResult } from './experiment-run.ts'

const TEXT = { en: 'Does it come back?', ko: '돌아오나?' }
const ROWS: ComparisonRow[] = ['comes-back', 'rolls-out'].map((name) => ({ name, title: TEXT }))

function experiment(name: string): Experiment {
  const common = { text: TEXT, value: 'true', evidence: 'events', expected: {}, source: 'facts 4' }
  return {
    ...{ name, title: TEXT, question: TEXT, explanation: TEXT, seconds: 1, workers: 1, hypotheses: [], steps: [] },
    observations: [
      { ...common, name: 'back', row: 'comes-back', words: { anew: { en: 'made anew', ko: '새로' } } },
      { ...common, name: 'aside' },
    ],
  }
}

/** @param minute of the hour in which it was observed */
function result(
  minute: number,
  verdict: AnswerVerdict,
  answer: Answer,
  changes: Partial<ExperimentResult> = {},
): ExperimentResult {
  const observedAt = `2026-11-27T12:${String(minute).padStart(2, '0')}:00.000Z`
  const observed = { verdict, observedAt, evidence: [], ...(verdict !== 'unanswered' && { answer }) }
  return {
    ...{ id: `r${minute}`, lab: 'default', experiment: 'delete', startedAt: observedAt, endedAt: observedAt },
    outcome: 'finished',
    sides: [
      {
        side: 'static',
        observed: ['back', 'aside'].map((observation) => ({ ...observed, observation })),
      },
    ],
    ...changes,
  }
}

/** What the static pod's cell of the first row tells, as `result: answer`. */
function told(...results: ExperimentResult[]): { answers: string[]; against: string[] } {
  const [row] = computeTable({ rows: ROWS, experiments: [experiment('delete'), experiment('crash')], results })
  const words = (list: ComparisonCell['answers'] = []): string[] => list.map((one) => `${one.result}: ${one.answer}`)
  return { answers: words(row?.cells[0]?.answers), against: words(row?.cells[0]?.against) }
}

const NOTHING = { answers: [], against: [] }

describe('given a lab in which nothing was observed', () => {
  it('when the table is filled, then each row has an empty cell for each side', () => {
    const table = computeTable({ rows: ROWS, experiments: [experiment('delete')], results: [] })
    expect(table.map(({ row }) => row.name)).toEqual(['comes-back', 'rolls-out'])
    for (const { cells } of table)
      expect(cells).toEqual(['static', 'daemonSet', 'deployment'].map((side) => ({ side, ...NOTHING })))
  })
})

describe('given results', () => {
  it('when one was as expected, then its answer is in the cell with its question, its words and its time', () => {
    const [row] = computeTable({
      rows: ROWS,
      experiments: [experiment('delete')],
      results: [result(1, 'as-expected', 'anew')],
    })
    expect(row?.cells[0]?.answers).toEqual([
      {
        ...{ experiment: 'delete', result: 'r1', observation: 'back', question: TEXT, answer: 'anew' },
        ...{ words: { en: 'made anew', ko: '새로' }, verdict: 'as-expected', observedAt: '2026-11-27T12:01:00.000Z' },
      },
    ])
    expect(row?.cells[1]?.answers).toEqual([])
  })

  it('when there are several, in whatever order, then the newest that was as expected counts', () => {
    const [one, two] = [result(1, 'as-expected', true), result(2, 'as-expected', false)]
    expect(told(one, two)).toEqual({ answers: ['r2: false'], against: [] })
    expect(told(two, one)).toEqual({ answers: ['r2: false'], against: [] })
  })

  it('when nothing was expected of an answer, then it is in the cell as well', () => {
    expect(told(result(1, 'observed', 3), result(2, 'observed', 4))).toEqual({ answers: ['r2: 4'], against: [] })
  })

  it('when newer ones are against the expectation, then they are beside the answer and do not replace it', () => {
    const results = [result(1, 'as-expected', true), result(2, 'against', false), result(3, 'against', 7)]
    expect(told(...results)).toEqual({ answers: ['r1: true'], against: ['r3: 7', 'r2: false'] })
  })

  it('when one against the expectation is older than an answer that was as expected, then it is not shown any more', () => {
    expect(told(result(1, 'against', false), result(2, 'as-expected', true))).toEqual({
      answers: ['r2: true'],
      against: [],
    })
  })

  it('when all are against the expectation, then the cell has no answer, and says what was seen', () => {
    expect(told(result(1, 'against', false))).toEqual({ answers: [], against: ['r1: false'] })
  })

  it('when two experiments fill a row, then each has its own say', () => {
    const crash = result(1, 'as-expected', true, { experiment: 'crash' })
    expect(told(result(2, 'against', false), crash)).toEqual({ answers: ['r1: true'], against: ['r2: false'] })
  })

  it.each([
    ['one was not answered', result(1, 'unanswered', true)],
    ['one was cancelled', result(1, 'as-expected', true, { outcome: 'cancelled' })],
    ['one failed', result(1, 'against', true, { outcome: 'failed' })],
    ['one was cut short', result(1, 'as-expected', true, { outcome: 'restored-later' })],
    ['one is of an experiment that is no more', result(1, 'as-expected', true, { experiment: 'gone' })],
  ])('when %s, then it fills nothing', (_what, one) => {
    expect(told(one)).toEqual(NOTHING)
  })
})
