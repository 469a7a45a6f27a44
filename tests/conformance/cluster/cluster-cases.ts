/** All cases of a cluster's conformance, in the order of the recordings. */
import { CONTROL_PLANE_CASES } from './cases/control-plane-cases.ts'
import { DAEMON_SET_CASES } from './cases/daemon-set-cases.ts'
import { DELETION_CASES } from './cases/deletion-cases.ts'
import { NODE_CASES } from './cases/node-cases.ts'
import { PLACEMENT_CASES } from './cases/placement-cases.ts'
import { ROLLOUT_CASES } from './cases/rollout-cases.ts'
import { VALIDATION_CASES } from './cases/validation-cases.ts'
import type { ClusterCase } from './cluster-case.ts'

const CASE_GROUPS = {
  'DaemonSets and their pods': DAEMON_SET_CASES,
  'The template of a DaemonSet changes': ROLLOUT_CASES,
  'Which nodes get a pod of a DaemonSet': PLACEMENT_CASES,
  'DaemonSets are deleted and adopt': DELETION_CASES,
  'What is refused of DaemonSets': VALIDATION_CASES,
  'Without scheduler or controllers': CONTROL_PLANE_CASES,
  'Nodes come and go': NODE_CASES,
} as const

interface NumberedClusterCase {
  /** Also part of the name of its namespace. */
  id: string
  case: ClusterCase
}

export const CLUSTER_CASES: { title: string; cases: NumberedClusterCase[] }[] = Object.entries(CASE_GROUPS).map(
  ([title, group]) => ({
    title,
    cases: Object.entries(group).map(([id, one]: [string, ClusterCase]) => ({ id, case: one })),
  }),
)
