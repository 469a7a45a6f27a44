/** `/openapi/v3` and `/openapi/v2` from the schemas of what is served (facts 8.2.1, 8.2.3). */
import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { groupVersion } from '../../common/api/api-object.ts'
import type { ResourceDefinition } from '../registry/resource-definition.ts'
import { buildDocumentV2, buildDocumentV3 } from './build-document.ts'
import { acceptsDocumentV2, DOCUMENT_V2_MEDIA_TYPE, encodeDocumentV2 } from './encode-document-v2.ts'

export interface OpenAPIRequest {
  /** Such as `/openapi/v3/api/v1`. */
  path: string
  query: URLSearchParams
  accept: string | undefined
  /** Whether the client takes gzip. */
  acceptsGzip: boolean
  ifNoneMatch: string | undefined
}

export interface OpenAPIResponse {
  status: 200 | 301 | 304 | 404 | 406
  headers: Record<string, string>
  /** Of gzip bytes when `headers` say so. */
  body: Uint8Array
}

/** A document as it is kept: compressed, since hardly anybody asks for it twice. */
interface CachedDocument {
  gzip: Uint8Array
  /** Changes with the content. */
  hash: string
}

const JSON_TYPE = 'application/json'
/** Names of the documents of everything, beside those of one group and version. */
const V2 = 'v2'
const V2_PROTOBUF = 'v2+protobuf'
const NOTHING = new Uint8Array()

/** Answers any path below `/openapi`. Documents are built when they are first asked for, and kept compressed. */
export class OpenAPIDocuments {
  private readonly definitions: readonly ResourceDefinition[]
  private readonly serverVersion: string
  private readonly cache = new Map<string, CachedDocument>()

  /** `serverVersion` as in `/version`, such as `v1.35.0`. */
  constructor(definitions: readonly ResourceDefinition[], serverVersion: string) {
    this.definitions = definitions
    this.serverVersion = serverVersion
  }

  serve(request: OpenAPIRequest): OpenAPIResponse {
    const { path } = request
    if (path === '/openapi/v2') return this.serveV2(request)
    if (path === '/openapi/v3' || path === '/openapi/v3/') return this.serveIndex()
    const name = path.slice('/openapi/v3/'.length)
    return path.startsWith('/openapi/v3/') && this.groupVersions().has(name)
      ? this.serveGroupVersion(name, request)
      : {
          status: 404,
          headers: { 'Content-Type': 'text/plain; charset=utf-8' },
          body: Buffer.from('404 page not found\n'),
        }
  }

  /** Definitions by where their document is served: `api/v1`, `apis/apps/v1`. */
  private groupVersions(): Map<string, ResourceDefinition[]> {
    return Map.groupBy(this.definitions, (definition) =>
      definition.group === '' ? `api/${definition.version}` : `apis/${groupVersion(definition)}`,
    )
  }

  private serveIndex(): OpenAPIResponse {
    const paths = [...this.groupVersions().keys()].map((name) => {
      const { hash } = this.document(name)
      return [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${hash}` }]
    })
    const body = Buffer.from(JSON.stringify({ paths: Object.fromEntries(paths) }))
    return { status: 200, headers: { 'Content-Type': JSON_TYPE }, body }
  }

  private serveGroupVersion(name: string, request: OpenAPIRequest): OpenAPIResponse {
    const document = this.document(name)
    const asked = request.query.get('hash')
    if (asked === null || asked === '') return answer(document, request, {})
    if (asked !== document.hash) {
      return { status: 301, headers: { Location: `/openapi/v3/${name}?hash=${document.hash}` }, body: NOTHING }
    }
    // The content of an address with a hash never changes.
    return answer(document, request, { 'Cache-Control': 'public, max-age=31536000, immutable' })
  }

  private serveV2(request: OpenAPIRequest): OpenAPIResponse {
    const accept = request.accept ?? '*/*'
    if (acceptsDocumentV2(accept)) return answer(this.document(V2_PROTOBUF), request, {}, DOCUMENT_V2_MEDIA_TYPE)
    if (/\*\/\*|application\/(?:json|\*)/.test(accept)) return answer(this.document(V2), request, {})
    return { status: 406, headers: {}, body: NOTHING }
  }

  private document(name: string): CachedDocument {
    const known = this.cache.get(name)
    if (known !== undefined) return known
    const content = this.build(name)
    const hash = createHash('sha512').update(content).digest('hex').toUpperCase()
    const document = { gzip: gzipSync(content), hash }
    this.cache.set(name, document)
    return document
  }

  private build(name: string): string | Uint8Array {
    const of = this.groupVersions().get(name)
    if (of !== undefined) return JSON.stringify(buildDocumentV3(of, this.definitions, this.serverVersion))
    const document = buildDocumentV2(this.definitions, this.serverVersion)
    return name === V2_PROTOBUF ? encodeDocumentV2(document) : JSON.stringify(document)
  }
}

function answer(
  document: CachedDocument,
  request: OpenAPIRequest,
  headers: Record<string, string>,
  contentType = JSON_TYPE,
): OpenAPIResponse {
  const etag = `"${document.hash}"`
  const common = { 'Content-Type': contentType, ETag: etag, Vary: 'Accept, Accept-Encoding', ...headers }
  if (request.ifNoneMatch?.split(',').some((tag) => tag.trim() === etag) === true) {
    return { status: 304, headers: common, body: NOTHING }
  }
  return request.acceptsGzip
    ? { status: 200, headers: { ...common, 'Content-Encoding': 'gzip' }, body: document.gzip }
    : { status: 200, headers: common, body: gunzipSync(document.gzip) }
}
