import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Logger } from '../../base/logger.ts'
import type { ExperimentResult } from '../../common/experiments/experiment-run.ts'
import { HomeLayout } from '../store/home.ts'
import { resultId, ResultStore } from './result-store.ts'
import { AFTER, CREATED } from './testing/side-records.ts'

let home = ''
let layout = new HomeLayout('/')
let warnings: string[] = []
const logger: Logger = {
  info: () => undefined,
  warn: (message, fields) => warnings.push(`${message} ${String(fields?.['file'])}`),
  error: () => undefined,
}
const newStore = (): ResultStore => new ResultStore({ layout, logger })
const folder = (): string => path.join(layout.experiments('default'), 'results')

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'node-lab-results-'))
  layout = new HomeLayout(home)
  warnings = []
  mkdirSync(layout.labFolder('default'), { recursive: true })
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

/** @param minute of the hour in which it was run */
function newResult(minute: number, experiment = 'delete-pod'): ExperimentResult {
  const startedAt = `2026-11-27T12:${String(minute).padStart(2, '0')}:00.000Z`
  const observed = { observation: 'o', verdict: 'as-expected', answer: true, observedAt: AFTER } as const
  return {
    ...{ id: resultId(startedAt, experiment), lab: 'default', experiment, startedAt, endedAt: AFTER },
    ...{ outcome: 'finished', hypothesis: { name: 'both', held: true } },
    sides: [{ side: 'static', observed: [{ ...observed, evidence: [CREATED] }] }],
  }
}

const ids = async (): Promise<string[]> => (await newStore().list('default')).map(({ id }) => id)

it('given results that were kept, when another process lists them, then they are as they were, the newest first', async () => {
  const [first, second] = [newResult(1), newResult(2, 'crash')]
  await newStore().save(second)
  await newStore().save(first)

  expect(await newStore().list('default')).toEqual([second, first])
})

it('given no result yet, when they are listed or forgotten, then there are none and nothing fails', async () => {
  await newStore().forget('default')
  expect(await ids()).toEqual([])
})

it('given twenty results of an experiment, when one more comes, then the oldest of that experiment goes alone', async () => {
  const crash = newResult(0, 'crash')
  await newStore().save(crash)
  const results = Array.from({ length: 21 }, (_none, index) => newResult(index + 1))
  for (const result of results) await newStore().save(result)

  expect(await ids()).toEqual([
    ...results
      .slice(1)
      .map(({ id }) => id)
      .toReversed(),
    crash.id,
  ])
  expect(readdirSync(folder())).toHaveLength(21)
})

it.each([
  ['half a file', '{"id": "20261127T120500000Z-delete-pod"'],
  ['something else', '[]'],
  ['an unknown outcome', JSON.stringify({ ...newResult(5), outcome: 'splendid' })],
  ['a side without answers', JSON.stringify({ ...newResult(5), sides: [{ side: 'static' }] })],
  ['the name of another one', JSON.stringify(newResult(6))],
  ['another lab', JSON.stringify({ ...newResult(5), lab: 'other' })],
])(
  'given %s among the results, when they are listed, then it is logged and the others are there',
  async (_fault, content) => {
    const good = newResult(1)
    await newStore().save(good)
    const spoilt = path.join(folder(), `${newResult(5).id}.json`)
    writeFileSync(spoilt, content)

    expect(await ids()).toEqual([good.id])
    expect(warnings).toEqual([expect.stringContaining(spoilt)])
  },
)

it('given a draft and a folder among the results, when they are listed, then only the folder is worth a word', async () => {
  await newStore().save(newResult(1))
  writeFileSync(path.join(folder(), '.node-lab-draft'), '{')
  mkdirSync(path.join(folder(), 'notes.json'))

  expect(await ids()).toHaveLength(1)
  expect(warnings).toHaveLength(1)
})

it('given results, when they are forgotten, then they alone are gone', async () => {
  await newStore().save(newResult(1))
  const undo = path.join(layout.experiments('default'), 'undo.json')
  writeFileSync(undo, '{}')

  await newStore().forget('default')

  expect(await ids()).toEqual([])
  expect(existsSync(undo)).toBe(true)
})
