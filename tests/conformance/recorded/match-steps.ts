/** Compares what was observed with what was recorded. */
import type { Step } from './recorded-case.ts'

/**
 * The expected lines, in the order in which they were observed where any order will do, and without short ones that were not
 * seen: equal to `observed` exactly when that is as expected.
 */
export function alignSteps(expected: readonly Step[], observed: readonly string[], isReal: boolean): string[] {
  const aligned: string[] = []
  for (const step of expected) {
    const next = observed[aligned.length]
    if (typeof step === 'string') aligned.push(step)
    else if ('passing' in step) aligned.push(...(next === step.passing || !isReal ? [step.passing] : []))
    else if ('brief' in step) aligned.push(...(next === step.brief ? [step.brief] : []))
    else aligned.push(...inObservedOrder(step, observed.slice(aligned.length, aligned.length + step.length)))
  }
  return aligned
}

/** Made again and not started yet: a listing each second never met that, and a busy engine may show it at any restart. */
const BEING_MADE_AGAIN = / waiting ContainerCreating, last /

/** What a real node was observed doing, without moments that no recording can have and the case does not expect. */
export function withoutMoments(expected: readonly Step[], observed: readonly string[]): string[] {
  const known = new Set(expected.flatMap(linesOf))
  return observed.filter((line) => known.has(line) || !BEING_MADE_AGAIN.test(line))
}

function linesOf(step: Step): readonly string[] {
  if (typeof step === 'string') return [step]
  if ('brief' in step) return [step.brief]
  return 'passing' in step ? [step.passing] : step
}

function inObservedOrder(lines: readonly string[], observed: readonly string[]): readonly string[] {
  return observed.toSorted().join('\n') === lines.toSorted().join('\n') ? observed : lines
}
