/** A kept result, as far as a reader relies on its form: somebody may have edited the file, or another edition has written it. */
import type { Answer } from '../../common/experiments/experiment.ts'
import { SIDE_NAMES } from '../../common/experiments/experiment.ts'
import type { AnswerVerdict, ExperimentOutcome, ExperimentResult } from '../../common/experiments/experiment-run.ts'
import type { Evidence } from '../../common/experiments/side-record.ts'

const OUTCOMES: readonly ExperimentOutcome[] = ['finished', 'cancelled', 'failed', 'restored-later']
const VERDICTS: readonly AnswerVerdict[] = ['as-expected', 'observed', 'against', 'unanswered']
const EVIDENCE: readonly Evidence['kind'][] = ['pod', 'definition', 'event', 'timeline', 'action']

/** @throws SyntaxError, TypeError */
export function parseResult(text: string): ExperimentResult {
  const value: unknown = JSON.parse(text)
  if (isResult(value)) return value
  throw new TypeError('it has not the form of a result')
}

function isResult(value: unknown): value is ExperimentResult {
  return (
    isObject(value) &&
    [value['id'], value['lab'], value['experiment']].every(isText) &&
    [value['startedAt'], value['endedAt']].every(isTime) &&
    OUTCOMES.some((outcome) => outcome === value['outcome']) &&
    [value['message'], value['notRestored']].every(orAbsent(isText)) &&
    orAbsent(isHypothesis)(value['hypothesis']) &&
    orAbsent(isListOf(isTime))(value['stepTimes']) &&
    isListOf(isSide)(value['sides'])
  )
}

function isHypothesis(value: unknown): boolean {
  return (
    isObject(value) &&
    isText(value['name']) &&
    typeof value['held'] === 'boolean' &&
    orAbsent(isListOf(isText))(value['heldInstead'])
  )
}

function isSide(value: unknown): boolean {
  return isObject(value) && SIDE_NAMES.some((side) => side === value['side']) && isListOf(isObserved)(value['observed'])
}

function isObserved(value: unknown): boolean {
  return (
    isObject(value) &&
    isText(value['observation']) &&
    VERDICTS.some((verdict) => verdict === value['verdict']) &&
    [value['answer'], value['expected']].every(orAbsent(isAnswer)) &&
    (value['verdict'] === 'unanswered' || value['answer'] !== undefined) &&
    orAbsent(isText)(value['message']) &&
    isTime(value['observedAt']) &&
    isListOf(isEvidence)(value['evidence'])
  )
}

function isEvidence(value: unknown): boolean {
  return isObject(value) && EVIDENCE.some((kind) => kind === value['kind']) && isText(value['time'])
}

function isAnswer(value: unknown): value is Answer {
  return ['boolean', 'number', 'string'].includes(typeof value)
}

function isTime(value: unknown): boolean {
  return isText(value) && !Number.isNaN(Date.parse(value))
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isListOf(isItem: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => Array.isArray(value) && value.every(isItem)
}

function orAbsent(isRight: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value === undefined || isRight(value)
}
