/** One recorded case of a kubelet: what a real one was seen doing, and the same steps for ours. */
import type { RecordedCase, RecordedDifference, RecordedExpectation } from '../recorded/recorded-case.ts'
import type { KubeletWorld } from './kubelet-world.ts'
import type { TraceKind } from './trace.ts'

export type Expectation = RecordedExpectation<TraceKind>
export type Difference = RecordedDifference<TraceKind>

/**
 * `clock`: the simulated runtime on a fake clock; `engine`: a node on the real engine; `full`: the same, but too long for
 * every run of the tests.
 */
export type WorldName = 'clock' | 'engine' | 'full'

export type KubeletCase = RecordedCase<TraceKind, KubeletWorld, WorldName>

export type KubeletCases<Id extends string = string> = Record<Id, KubeletCase>

export function defineKubeletCases<Id extends string>(cases: KubeletCases<Id>): KubeletCases<Id> {
  return cases
}
