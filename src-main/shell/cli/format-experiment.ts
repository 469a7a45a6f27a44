/** Experiments, and what came of them, as text for people. */
import {
  SIDE_NAMES,
  type Answer,
  type Experiment,
  type ExperimentAction,
  type Hypothesis,
  type SideName,
} from '../../common/experiments/experiment.ts'
import type { ExperimentResult, Observed } from '../../common/experiments/experiment-run.ts'
import type { Evidence } from '../../common/experiments/side-record.ts'
import { formatTimelineEntry } from './format-timeline.ts'
import { formatTable, printable } from './output.ts'

const SIDE_WORDS: Readonly<Record<SideName, string>> = {
  static: 'static pod',
  daemonSet: 'DaemonSet',
  deployment: 'Deployment',
}
const SIDE_WIDTH = Math.max(...SIDE_NAMES.map((side) => SIDE_WORDS[side].length))

/** Hashes are told apart by so many characters. */
const ID_LENGTH = 12

/** Whether it is done to the target node, or to the agent there. */
const IS_ON_TARGET: Readonly<Record<ExperimentAction['act'], boolean>> = {
  'delete-pod': true,
  'crash-container': true,
  edit: false,
  'set-image': false,
  'roll-back': false,
  'refer-to-config-map': false,
  'remove-definition': false,
  'make-definition': false,
  'stop-component': false,
  'start-component': false,
  'add-node': false,
  'stop-kubelet': true,
  'start-kubelet': true,
  'power-off': true,
  'power-on': true,
  taint: true,
  untaint: true,
  cordon: true,
  uncordon: true,
  drain: true,
}

export function formatExperiments(experiments: readonly Experiment[]): string[] {
  const rows = experiments.map(({ name, seconds, workers, question }) => [
    name,
    `${seconds} s`,
    String(workers),
    question.en,
  ])
  return formatTable(['NAME', 'ABOUT', 'WORKERS', 'QUESTION'], rows)
}

/** One of them, for whoever is about to run it: nothing in it gives the answer away. */
export function formatExperiment(experiment: Experiment): string[] {
  const { title, seconds, workers } = experiment
  const needs = `about ${seconds} s, ${workers} ${workers === 1 ? 'worker' : 'workers'} or more`
  return [title.en, needs, ...formatQuestionAndGuesses(experiment)]
}

/** @param target node that things are done to, where the experiment does any */
export function formatOpening(experiment: Experiment, target: string): string[] {
  const acts = experiment.steps.flatMap((step) => ('act' in step ? [step.act] : []))
  const first = acts.find((act) => act === 'add-node' || IS_ON_TARGET[act])
  const place = first === undefined || first === 'add-node' ? '' : `, on ${target}`
  return [`${experiment.title.en}${place}`, ...formatQuestionAndGuesses(experiment), '']
}

function formatQuestionAndGuesses({ question, hypotheses }: Experiment): string[] {
  const width = Math.max(...hypotheses.map(({ name }) => name.length))
  const guesses = hypotheses.map(({ name, text }) => `  ${name.padEnd(width)}   ${text.en}`)
  return [question.en, ...(guesses.length === 0 ? [] : ['', 'Guesses (--guess NAME):', ...guesses])]
}

export function formatResults(results: readonly ExperimentResult[]): string[] {
  if (results.length === 0) return ['No experiment was run in this lab yet.']
  const rows = results.map((result) => [
    result.id,
    result.experiment,
    result.outcome,
    result.endedAt,
    describeVerdicts(result),
  ])
  return formatTable(['RESULT', 'EXPERIMENT', 'OUTCOME', 'ENDED', 'ANSWERS'], rows)
}

/**
 * The questions with the answer of each side, and what shows it.
 * @param of.experiment as it is defined now; without it, the names of its questions stand for their words
 * @param of.evidence the whole, or of each answer the last piece
 * @param of.held the guesses that were right, if the chosen one was wrong
 */
export function formatResult(
  result: ExperimentResult,
  of: { experiment: Experiment | undefined; evidence: 'whole' | 'last'; held: readonly Hypothesis[] },
): string[] {
  const { experiment, evidence, held } = of
  const names = [...new Set(result.sides.flatMap(({ observed }) => observed.map(({ observation }) => observation)))]
  return [
    experiment?.title.en ?? result.experiment,
    ...names.flatMap((name) => ['', ...formatQuestion(result, experiment, name, evidence)]),
    '',
    ...describeEnd(result, experiment, held),
  ]
}

/** What has to be known of the whole: its outcome, the guess, and what is not as it should be. */
export function describeEnd(
  result: ExperimentResult,
  experiment?: Experiment,
  held: readonly Hypothesis[] = [],
): string[] {
  const { outcome, message, notRestored, hypothesis } = result
  const guess = experiment?.hypotheses.find(({ name }) => name === hypothesis?.name)?.text.en ?? hypothesis?.name
  return [
    `${describeOutcome(outcome)}${message === undefined ? '' : `: ${message}`}`,
    ...(outcome === 'finished' ? [describeVerdicts(result)] : []),
    ...(hypothesis === undefined ? [] : [`The guess was ${hypothesis.held ? 'right' : 'wrong'}: ${guess ?? ''}`]),
    ...held.map(({ name, text }) => `This one held: ${text.en} (${name})`),
    ...(notRestored === undefined ? [] : [`NOT PUT BACK: ${notRestored}`]),
    ...(outcome === 'finished' ? [`Result ${result.id}`] : []),
  ]
}

function describeOutcome(outcome: ExperimentResult['outcome']): string {
  switch (outcome) {
    case 'finished':
      return 'Finished'
    case 'cancelled':
      return 'Cancelled'
    case 'failed':
      return 'Failed'
    case 'restored-later':
      return 'Its end was not seen; the lab was put back later'
  }
}

/** `12 as expected, 2 observed, 1 AGAINST THE EXPECTATION`. */
function describeVerdicts({ outcome, sides }: ExperimentResult): string {
  if (outcome !== 'finished') return ''
  const verdicts = sides.flatMap(({ observed }) => observed.map(({ verdict }) => verdict))
  const count = (wanted: Observed['verdict']): number => verdicts.filter((verdict) => verdict === wanted).length
  return [
    `${count('as-expected')} as expected`,
    ...(count('observed') > 0 ? [`${count('observed')} observed`] : []),
    ...(count('against') > 0 ? [`${count('against')} AGAINST THE EXPECTATION`] : []),
    ...(count('unanswered') > 0 ? [`${count('unanswered')} unanswered`] : []),
  ].join(', ')
}

function formatQuestion(
  { sides }: ExperimentResult,
  experiment: Experiment | undefined,
  name: string,
  evidence: 'whole' | 'last',
): string[] {
  const observation = experiment?.observations.find((one) => one.name === name)
  const say = (answer: Answer): string =>
    (typeof answer === 'string' ? observation?.words?.[answer]?.en : undefined) ?? describeAnswer(answer)
  const lines = sides.flatMap(({ side, observed }) =>
    observed
      .filter((one) => one.observation === name)
      .flatMap((one) => [
        `  ${SIDE_WORDS[side].padEnd(SIDE_WIDTH)}   ${printable(describeObserved(one, say, observation?.source))}`,
        ...formatEvidence(one.evidence, evidence).map((line) => `  ${' '.repeat(SIDE_WIDTH)}     ${line}`),
      ]),
  )
  return [observation?.text.en ?? name, ...lines]
}

function describeObserved(
  { verdict, answer, expected, message }: Observed,
  say: (answer: Answer) => string,
  source: string | undefined,
): string {
  if (answer === undefined) return `unanswered: ${message ?? 'it cannot be told from what was seen'}`
  if (verdict !== 'against' || expected === undefined) return say(answer)
  return `${say(answer)}   AGAINST THE EXPECTATION: ${say(expected)}${source === undefined ? '' : ` (${source})`}`
}

function describeAnswer(answer: Answer): string {
  return typeof answer === 'boolean' ? (answer ? 'yes' : 'no') : String(answer)
}

function formatEvidence(evidence: readonly Evidence[], extent: 'whole' | 'last'): string[] {
  const inOrder = evidence.toSorted((one, other) => Date.parse(one.time) - Date.parse(other.time))
  return (extent === 'whole' ? inOrder : evidence.slice(-1)).map(describeEvidence)
}

function describeEvidence(evidence: Evidence): string {
  switch (evidence.kind) {
    case 'timeline':
      return formatTimelineEntry(evidence)
    case 'pod': {
      const place = evidence.node === '' ? 'on no node' : `on ${evidence.node}`
      const state = `${evidence.status}${evidence.running ? '' : ', no running container'}, restarts ${evidence.restarts}`
      const ids = `container ${shortId(evidence.containerId)}, object ${evidence.apiUid || 'none'}`
      return timed(evidence.time, `pod ${evidence.name} ${place}: ${state}, ${ids}`)
    }
    case 'definition': {
      const there = evidence.present ? `${evidence.desired} wanted, ${evidence.revisions} revisions` : 'not there'
      return timed(evidence.time, `${evidence.where}: ${there}`)
    }
    case 'event':
      return timed(
        evidence.time,
        `event ${evidence.reason} of ${evidence.about} by ${evidence.source}: ${evidence.message}`,
      )
    case 'action':
      return timed(evidence.time, `${evidence.act}${evidence.ok ? '' : ' failed'}: ${evidence.message}`)
  }
}

function timed(time: string, text: string): string {
  return printable(`${time.slice(11, 23)}   ${text.trim().replaceAll(/\s*\n\s*/g, ' ')}`)
}

function shortId(id: string): string {
  const hash = id.slice(id.indexOf('://') + 1).replace(/^\/+/, '')
  return hash === '' ? 'none' : hash.slice(0, ID_LENGTH)
}
