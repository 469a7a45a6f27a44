/**
 * Resources without storage, whose objects are made when somebody asks: the reviews of authentication and authorization
 * (create only), and what `metrics.k8s.io` measures (get and list only).
 */
import type { GroupVersionKind, ObjectList, UnknownObject } from '../../common/api/api-object.ts'
import type { ObjectSchema } from '../../common/api/field-schema.ts'
import type { TablePrinter } from '../registry/resource-definition.ts'
import type { ObjectSelection, RequestContext } from '../registry/resource-storage.ts'

export interface VirtualRequest {
  context: RequestContext
  /** Empty for all namespaces, and for cluster-scoped resources. */
  namespace: string
  dryRun: boolean
  /** Aborted when the client goes. */
  signal: AbortSignal
}

/** Each function present is a served verb. All throw `StatusError`. */
export interface VirtualResource {
  gvk: GroupVersionKind
  /** Of the answer to `list`. */
  listKind?: string
  resource: string
  singularName: string
  shortNames: readonly string[]
  namespaced: boolean
  /** What bodies are decoded by. */
  schema: ObjectSchema
  /** For `get` and `list`; the server's default columns without it. */
  printer?: TablePrinter<UnknownObject>
  /** Answered with 201. */
  create?(request: VirtualRequest, object: UnknownObject): Promise<UnknownObject>
  get?(request: VirtualRequest, name: string): Promise<UnknownObject>
  list?(request: VirtualRequest, selection: ObjectSelection): Promise<ObjectList>
}
