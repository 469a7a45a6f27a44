/** Checks the CEL of one experiment as it is read, in the order of the file: what a wait looks at has to be there by then. */
import type { Environment } from '@marcbachmann/cel-js'
import { celName, environmentOfAnswers, environmentOfLooks, splitSum } from './cel-environment.ts'
import { describeCelFault } from './evaluate.ts'
import type { YamlField } from './yaml-field.ts'

const ANSWER_TYPES = ['bool', 'int', 'double', 'string', 'dyn']
/** `list` is one of several kinds, or of none. */
const EVIDENCE_TYPE = /^(list(<(Pod|Definition|Event|TimelineEntry|Action|dyn|[A-Z])>)?|dyn)$/

export class ExpressionChecker {
  /** Names of looks so far. */
  readonly looks: string[] = []
  /** Names of questions so far. */
  readonly questions = new Set<string>()
  readonly #types: Record<string, string> = {}
  #overLooks: { count: number; environment: Environment } | undefined
  #overAnswers: Environment | undefined

  wait(field: YamlField): string {
    requireType(field, checkType(this.#environment(), field, field.text()), ['bool', 'dyn'], 'true or false')
    return field.text()
  }

  /** The type of the answer. */
  answer(question: string, field: YamlField): string {
    const type = checkType(this.#environment(), field, field.text())
    requireType(field, type, ANSWER_TYPES, 'true or false, a number or a text')
    this.#types[celName(question)] = type
    return type
  }

  evidence(field: YamlField): string {
    for (const summand of summandsOf(field)) {
      const type = checkType(this.#environment(), field, summand)
      if (!EVIDENCE_TYPE.test(type))
        field.fail(`gives ${type}`, 'Write a list there of pods, definitions, events, timeline entries or actions.')
    }
    return field.text()
  }

  /** After all questions. */
  hypothesis(field: YamlField): string {
    this.#overAnswers ??= environmentOfAnswers(this.#types)
    requireType(field, checkType(this.#overAnswers, field, field.text()), ['bool', 'dyn'], 'true or false')
    return field.text()
  }

  #environment(): Environment {
    const count = this.looks.length
    if (this.#overLooks?.count !== count) this.#overLooks = { count, environment: environmentOfLooks(this.looks) }
    return this.#overLooks.environment
  }
}

function summandsOf(field: YamlField): string[] {
  try {
    return splitSum(field.text())
  } catch (error) {
    return refuse(field, error)
  }
}

function checkType(environment: Environment, field: YamlField, expression: string): string {
  const { valid, type, error } = environment.check(expression)
  return valid && type !== undefined ? type : refuse(field, error)
}

function refuse(field: YamlField, error: unknown): never {
  return field.fail(
    `is no CEL that can be evaluated: ${describeCelFault(error)}`,
    'Mend the expression; cel-environment.ts says what there is.',
  )
}

function requireType(field: YamlField, type: string, allowed: readonly string[], words: string): void {
  if (!allowed.includes(type)) field.fail(`gives ${type}`, `Write an expression there that gives ${words}.`)
}
