/** Evaluates the CEL of an experiment over what was seen. Never throws: what cannot be evaluated is a fault with words. */
import { EvaluationError, ParseError, TypeError as CheckError, type Environment } from '@marcbachmann/cel-js'
import type { Answer, SideName } from '../../common/experiments/experiment.ts'
import type { Evidence, SideRecord } from '../../common/experiments/side-record.ts'
import { ANSWER_ENVIRONMENT, RECORD_ENVIRONMENT, splitSum } from './cel-environment.ts'
import { recordVariables, toAnswer, toCel, toEvidence } from './cel-values.ts'

/** `fault`: why there is no value, in English. */
export type Evaluated<Value> = { value: Value } | { fault: string }

/** Answers to an experiment's questions, with underscores for hyphens in their names. */
export type AnswersBySide = Partial<Record<SideName, Record<string, Answer>>>

export function evaluateAnswer(expression: string, record: SideRecord): Evaluated<Answer> {
  const evaluated = evaluateOver(record, expression)
  if ('fault' in evaluated) return evaluated
  const value = toAnswer(evaluated.value)
  return value === undefined ? { fault: 'its value is neither true or false nor a number nor a text' } : { value }
}

/** Whether what is waited for is there; what cannot be evaluated is not there yet. */
export function evaluateWait(expression: string, record: SideRecord): boolean {
  const evaluated = evaluateOver(record, expression)
  return 'value' in evaluated && evaluated.value === true
}

export function evaluateEvidence(expression: string, record: SideRecord): Evaluated<Evidence[]> {
  const all: Evidence[] = []
  for (const summand of splitOrWhole(expression)) {
    const evaluated = evaluateOver(record, summand)
    if ('fault' in evaluated) return evaluated
    if (!Array.isArray(evaluated.value)) return { fault: 'its value is no list' }
    const list = evaluated.value.map(toEvidence)
    if (!list.every((evidence) => evidence !== undefined))
      return { fault: 'its value is no list of pods, definitions, events, timeline entries or actions' }
    all.push(...list)
  }
  return { value: [...new Set(all)] }
}

/** Whether a guess was right. A fault when it depends on what was not answered. */
export function evaluateHypothesis(expression: string, answers: AnswersBySide): Evaluated<boolean> {
  const variables = Object.fromEntries(
    Object.entries(answers).map(([side, bySide]) => [
      side,
      Object.fromEntries(Object.entries(bySide).map(([name, answer]) => [name, toCel(answer)])),
    ]),
  )
  const evaluated = evaluate(ANSWER_ENVIRONMENT, expression, variables)
  if ('fault' in evaluated) return evaluated
  return typeof evaluated.value === 'boolean'
    ? { value: evaluated.value }
    : { fault: 'its value is neither true nor false' }
}

/** What cannot be split cannot be evaluated either, and is told as such. */
function splitOrWhole(expression: string): string[] {
  try {
    return splitSum(expression)
  } catch {
    return [expression]
  }
}

function evaluateOver(record: SideRecord, expression: string): Evaluated<unknown> {
  return evaluate(RECORD_ENVIRONMENT, expression, recordVariables(record))
}

function evaluate(
  environment: Environment,
  expression: string,
  variables: Record<string, unknown>,
): Evaluated<unknown> {
  try {
    return { value: environment.evaluate(expression, variables) }
  } catch (error) {
    return { fault: describeCelFault(error) }
  }
}

/** The library's words without its drawing of the place. */
export function describeCelFault(error: unknown): string {
  if (error instanceof EvaluationError || error instanceof ParseError || error instanceof CheckError)
    return error.summary
  return error instanceof Error ? error.message : String(error)
}
