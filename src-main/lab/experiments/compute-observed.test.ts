import { describe, expect, it } from 'vitest'
import type { Experiment, Observation } from '../../common/experiments/experiment.ts'
import { computeHypothesis, computeSideResults } from './compute-observed.ts'
import { AFTER, CREATED, newSideRecord } from './testing/side-records.ts'

const TEXT = { en: 'Is another one there?', ko: '다른 것이 있나?' }
const OBSERVATION: Observation = {
  ...{ name: 'another-pod', text: TEXT, value: 'now.pods[0].uid != before.pods[0].uid', evidence: 'events' },
  ...{ expected: { static: false, daemonSet: true }, source: 'facts 6.4' },
}

function newExperiment(changes: Partial<Observation> = {}): Experiment {
  return {
    ...{ name: 'delete-pod', title: TEXT, question: TEXT, explanation: TEXT, seconds: 1, workers: 1, steps: [] },
    hypotheses: [{ name: 'daemon-set-only', text: TEXT, holds: '!static.another_pod && daemonSet.another_pod' }],
    observations: [{ ...OBSERVATION, ...changes }],
  }
}

const replaced = newSideRecord()
const kept = newSideRecord({ side: 'static', now: replaced.before })

describe('given a pod that was made anew, and one that stayed', () => {
  it('when both answers are what is known, then they are as expected, with their evidence', () => {
    const sides = computeSideResults(newExperiment(), [kept, replaced])

    expect(sides.map(({ side }) => side)).toEqual(['static', 'daemonSet'])
    expect(sides[1]?.observed).toEqual([
      {
        ...{ observation: 'another-pod', verdict: 'as-expected', answer: true, expected: true, observedAt: AFTER },
        evidence: [CREATED],
      },
    ])
    expect(computeHypothesis(newExperiment(), 'daemon-set-only', sides)).toEqual({
      name: 'daemon-set-only',
      held: true,
    })
  })

  it('when a broken controller makes no other pod, then the answer is against what is known, and the guess was wrong', () => {
    const broken = newSideRecord({ now: replaced.before })
    const sides = computeSideResults(newExperiment(), [kept, broken])

    expect(sides[1]?.observed).toMatchObject([{ verdict: 'against', answer: false, expected: true }])
    expect(computeHypothesis(newExperiment(), 'daemon-set-only', sides)).toEqual({
      name: 'daemon-set-only',
      held: false,
    })
  })

  it('when the guess was wrong and another one holds, then that one is named', () => {
    const guesses = [{ name: 'static-only', text: TEXT, holds: 'static.another_pod && !daemonSet.another_pod' }]
    const experiment = newExperiment()
    experiment.hypotheses.push(...guesses)
    const sides = computeSideResults(experiment, [kept, replaced])

    expect(computeHypothesis(experiment, 'static-only', sides)).toEqual({
      ...{ name: 'static-only', held: false, heldInstead: ['daemon-set-only'] },
    })
  })

  it('when nothing is known of a side, then the answer is observed, and not called expected', () => {
    const [side] = computeSideResults(newExperiment({ expected: {} }), [kept])
    expect(side?.observed[0]).toMatchObject({ verdict: 'observed', answer: false })
    expect(side?.observed[0]).not.toHaveProperty('expected')
  })

  it('when a question cannot be answered, then it says why, and a guess about it is neither right nor wrong', () => {
    const experiment = newExperiment({ value: 'looks.never.pods.size() == 1' })
    const sides = computeSideResults(experiment, [kept, replaced])

    expect(sides[0]?.observed[0]).toMatchObject({
      ...{ verdict: 'unanswered', expected: false, evidence: [CREATED] },
      message: expect.stringMatching(/never/) as string,
    })
    expect(sides[0]?.observed[0]).not.toHaveProperty('answer')
    expect(computeHypothesis(experiment, 'daemon-set-only', sides)).toBeUndefined()
  })

  it('when the evidence cannot be gathered, then the answer stands and says so', () => {
    const [side] = computeSideResults(newExperiment({ evidence: 'looks.never.pods' }), [replaced])
    expect(side?.observed[0]).toMatchObject({
      ...{ verdict: 'as-expected', answer: true, evidence: [] },
      message: expect.stringMatching(/evidence could not be gathered: .*never/) as string,
    })
  })

  it('when there is very much evidence, then fifty pieces are kept, and it says how many more there were', () => {
    const events = Array.from({ length: 53 }, (_none, index) => ({ ...CREATED, message: String(index) }))
    const [side] = computeSideResults(newExperiment(), [newSideRecord({ events })])
    expect(side?.observed[0]?.evidence).toHaveLength(50)
    expect(side?.observed[0]?.message).toMatch(/^3 more/)
  })

  it('when a guess is not one of the experiment, then there is none', () => {
    expect(computeHypothesis(newExperiment(), 'another', computeSideResults(newExperiment(), [kept]))).toBeUndefined()
  })
})
