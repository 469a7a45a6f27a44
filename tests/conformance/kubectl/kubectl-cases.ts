/** All commands, in the order in which they are typed: later ones find what earlier ones made. */
import { CLUSTER_CASES } from './cases/cluster-cases.ts'
import { CREATE_CASES } from './cases/create-cases.ts'
import { GET_CASES } from './cases/get-cases.ts'
import { DESCRIBE_CASES } from './cases/describe-cases.ts'
import { LOG_CASES } from './cases/log-cases.ts'
import { CONTAINER_CASES } from './cases/container-cases.ts'
import { CHANGE_CASES } from './cases/change-cases.ts'
import { ROLLOUT_CASES } from './cases/rollout-cases.ts'
import { RIGHTS_CASES } from './cases/rights-cases.ts'
import { NODE_CASES } from './cases/node-cases.ts'
import { MIRROR_CASES } from './cases/mirror-cases.ts'
import { DELETE_CASES } from './cases/delete-cases.ts'
import type { KubectlCaseGroup } from './kubectl-case.ts'

export const KUBECTL_CASES: readonly KubectlCaseGroup[] = [
  CLUSTER_CASES,
  CREATE_CASES,
  GET_CASES,
  DESCRIBE_CASES,
  LOG_CASES,
  CONTAINER_CASES,
  CHANGE_CASES,
  ROLLOUT_CASES,
  RIGHTS_CASES,
  NODE_CASES,
  MIRROR_CASES,
  DELETE_CASES,
]
