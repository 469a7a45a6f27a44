/** The objects of an API server that a kubelet deals with. */
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'

/** A pod as the server has it. */
export type ApiPod = Pod & ApiObject
