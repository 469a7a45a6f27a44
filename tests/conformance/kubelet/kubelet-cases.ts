/** All cases of the kubelet's conformance, in the order of the recordings. */
import { CRASH_CASES } from './cases/02-crash-cases.ts'
import type { KubeletCase } from './kubelet-case.ts'

const CASE_GROUPS = {
  'Exits and restarts': CRASH_CASES,
} as const

export interface NumberedKubeletCase {
  /** Also the name of its pod. */
  id: string
  case: KubeletCase
}

export const KUBELET_CASES: { title: string; cases: NumberedKubeletCase[] }[] = Object.entries(CASE_GROUPS).map(
  ([title, group]) => ({
    title,
    cases: Object.entries(group).map(([id, one]: [string, KubeletCase]) => ({ id, case: one })),
  }),
)
