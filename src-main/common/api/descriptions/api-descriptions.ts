/** What `kubectl explain` says of types and fields, in sentences of our own. */
import { CONTAINER_DESCRIPTIONS } from './container-descriptions.ts'
import { CLUSTER_DESCRIPTIONS } from './cluster-descriptions.ts'
import { NETWORK_DESCRIPTIONS } from './network-descriptions.ts'
import { PLACEMENT_DESCRIPTIONS } from './placement-descriptions.ts'
import { POD_DESCRIPTIONS } from './pod-descriptions.ts'
import type { TypeDescriptions } from './type-descriptions.ts'
import { VOLUME_DESCRIPTIONS } from './volume-descriptions.ts'
import { WORKLOAD_DESCRIPTIONS } from './workload-descriptions.ts'

export const API_DESCRIPTIONS: TypeDescriptions = {
  ...CONTAINER_DESCRIPTIONS,
  ...POD_DESCRIPTIONS,
  ...VOLUME_DESCRIPTIONS,
  ...WORKLOAD_DESCRIPTIONS,
  ...CLUSTER_DESCRIPTIONS,
  ...NETWORK_DESCRIPTIONS,
  ...PLACEMENT_DESCRIPTIONS,
}
