/** `/openapi/v3` and `/openapi/v2` from the schemas of what is served (facts 8.2.1, 8.2.3). */
import type { ResourceDefinition } from '../registry/resource-definition.ts'
import type { Subresource } from '../endpoints/subresource.ts'

export interface OpenAPIResponse {
  status: 200 | 304 | 404
  headers: Record<string, string>
  /** Of gzip bytes when `headers` say so. */
  body: Uint8Array
}

export interface OpenAPIRequest {
  /** Such as `/openapi/v3/api/v1`. */
  path: string
  query: URLSearchParams
  accept: string | undefined
  /** Whether the client takes gzip. */
  acceptsGzip: boolean
  ifNoneMatch: string | undefined
}

export interface OpenAPIDocuments {
  /** Answers any path below `/openapi`. */
  serve(request: OpenAPIRequest): OpenAPIResponse
}

/** Documents are built when they are first asked for. */
export function createOpenAPIDocuments(
  definitions: readonly ResourceDefinition[],
  subresources: readonly Subresource[],
): OpenAPIDocuments {
  void definitions
  void subresources
  return { serve: () => ({ status: 404, headers: {}, body: new Uint8Array() }) }
}
