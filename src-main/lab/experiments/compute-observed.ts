/** What came of an experiment: the answers to its questions, computed from what was seen, and whether the guess was right. Pure. */
import type { Answer, Experiment, Hypothesis, Observation } from '../../common/experiments/experiment.ts'
import type { AnswerVerdict, ExperimentResult, Observed, SideResult } from '../../common/experiments/experiment-run.ts'
import type { SideRecord } from '../../common/experiments/side-record.ts'
import { celName } from './cel-environment.ts'
import { evaluateAnswer, evaluateEvidence, evaluateHypothesis } from './evaluate.ts'

/** More evidence than this of one answer shows nothing more. */
const EVIDENCE_LIMIT = 50

export function computeSideResults(experiment: Experiment, records: readonly SideRecord[]): SideResult[] {
  return records.map((record) => ({
    side: record.side,
    observed: experiment.observations.map((observation) => computeObserved(observation, record)),
  }))
}

/** `undefined` without such a guess, or when it is about what was not answered, such as a side that was not there. */
export function computeHypothesis(
  experiment: Experiment,
  name: string,
  sides: readonly SideResult[],
): ExperimentResult['hypothesis'] {
  const hypothesis = experiment.hypotheses.find((one) => one.name === name)
  if (hypothesis === undefined) return undefined
  const answers = sides.map(({ side, observed }) => [
    side,
    Object.fromEntries(
      observed.flatMap(({ observation, answer }) => (answer === undefined ? [] : [[celName(observation), answer]])),
    ),
  ])
  const holds = (one: Hypothesis): boolean | undefined => {
    const held = evaluateHypothesis(one.holds, Object.fromEntries(answers))
    return 'fault' in held ? undefined : held.value
  }
  const held = holds(hypothesis)
  if (held !== false) return held && { name, held }
  const heldInstead = experiment.hypotheses.filter((one) => holds(one) === true).map((one) => one.name)
  return { name, held, ...(heldInstead.length > 0 && { heldInstead }) }
}

function computeObserved(observation: Observation, record: SideRecord): Observed {
  const answered = evaluateAnswer(observation.value, record)
  const evidence = evaluateEvidence(observation.evidence, record)
  const expected = observation.expected[record.side]
  const message = [
    ...('fault' in answered ? [`The answer could not be computed: ${answered.fault}.`] : []),
    ...('fault' in evidence
      ? [`The evidence could not be gathered: ${evidence.fault}.`]
      : leftOut(evidence.value.length)),
  ].join(' ')
  return {
    observation: observation.name,
    verdict: 'fault' in answered ? 'unanswered' : verdictOf(answered.value, expected),
    ...('value' in answered && { answer: answered.value }),
    ...(expected !== undefined && { expected }),
    ...(message !== '' && { message }),
    observedAt: record.now.time,
    evidence: 'fault' in evidence ? [] : evidence.value.slice(0, EVIDENCE_LIMIT),
  }
}

function verdictOf(answer: Answer, expected: Answer | undefined): AnswerVerdict {
  if (expected === undefined) return 'observed'
  return answer === expected ? 'as-expected' : 'against'
}

function leftOut(count: number): string[] {
  return count > EVIDENCE_LIMIT ? [`${count - EVIDENCE_LIMIT} more pieces of evidence were left out.`] : []
}
