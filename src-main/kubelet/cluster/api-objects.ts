/** The objects of an API server that a kubelet deals with. */
import type { ApiObject, GroupVersionResource } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'

export const PODS: GroupVersionResource = { group: '', version: 'v1', resource: 'pods' }
export const NODES: GroupVersionResource = { group: '', version: 'v1', resource: 'nodes' }

/** A pod as the server has it. */
export type ApiPod = Pod & ApiObject
