/** Holds what was observed against what has to be, as assertions of a test. */
import { expect } from 'vitest'
import { alignSteps, withoutMoments } from './match-steps.ts'
import type { Findings, RecordedExpectation, Step } from './recorded-case.ts'

interface Observed<Kind extends string> {
  isReal: boolean
  lines(kind: Kind): readonly string[]
  findings: Findings
}

export function compareCase<Kind extends string>(
  expectation: RecordedExpectation<Kind>,
  kinds: readonly Kind[],
  { isReal, lines, findings }: Observed<Kind>,
): void {
  for (const kind of kinds) {
    const expected: readonly Step[] | undefined = expectation[kind]
    if (expected === undefined) continue
    const observed = isReal ? withoutMoments(expected, lines(kind)) : lines(kind)
    expect(observed, kind).toEqual(alignSteps(expected, observed, isReal))
  }
  if (expectation.findings !== undefined) expect(findings).toEqual(expectation.findings)
}
