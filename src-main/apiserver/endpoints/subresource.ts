/** Subresources that are not a write of the object itself: log, exec, binding, eviction, proxy, token, … */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { GroupVersionKind, UnknownObject } from '../../common/api/api-object.ts'
import type { ObjectSchema } from '../../common/api/field-schema.ts'
import type { RequestContext, ResourceStorage } from '../registry/resource-storage.ts'

export interface SubresourceRequest {
  context: RequestContext
  /** HTTP method. */
  method: string
  namespace: string
  name: string
  /** What follows the subresource in the path, as for `proxy/metrics`; empty mostly. */
  rest: string
  query: URLSearchParams
  dryRun: boolean
  /** Reads, decodes and defaults the body as the subresource's kind. Throws `StatusError`. */
  body(): Promise<UnknownObject>
  incoming: IncomingMessage
  /** The parent resource. */
  parent: ResourceStorage
  /** Aborted when the client goes. */
  signal: AbortSignal
}

/** `object`: encoded as the client asks. `raw`: the handler writes the answer itself. */
export type SubresourceAnswer =
  | { type: 'object'; code: number; object: object }
  | { type: 'raw'; write(response: ServerResponse): Promise<void> }

export interface Subresource {
  /** Such as `pods` and `log`. */
  group: string
  resource: string
  name: string
  /** Verbs for discovery and authorisation by HTTP method, such as `{ POST: 'create' }`. */
  verbs: Readonly<Record<string, string>>
  /** What discovery says; the body's kind where there is a body. */
  kind: GroupVersionKind
  /** What `body()` decodes by; absent when there is no body. */
  schema?: ObjectSchema
  serve(request: SubresourceRequest): Promise<SubresourceAnswer>
  /** Takes over the connection of an `Upgrade` request (WebSocket, SPDY). */
  upgrade?(request: SubresourceRequest, socket: Duplex, head: Buffer): Promise<void>
}
