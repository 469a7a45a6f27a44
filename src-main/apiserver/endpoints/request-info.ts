/**
 * What a request asks for, from its method and path alone: the one reading that both authorisation and the handlers go by
 * (apiserver/pkg/endpoints/request/requestinfo.go).
 */
import { requiredValue, parseFieldSelector } from '../../common/api/field-selector.ts'
import { readFlag } from './query-values.ts'

export type RequestInfo = PathRequest | ResourceRequest

/** A path beside the resources, such as `/healthz` or `/apis/apps`. */
export interface PathRequest {
  type: 'path'
  path: string
  /** The method in small letters. */
  verb: string
}

export interface ResourceRequest {
  type: 'resource'
  path: string
  verb: string
  group: string
  version: string
  /** Empty at cluster scope; a namespace's own name for requests of the namespace. */
  namespace: string
  resource: string
  subresource: string
  /** For lists and watches the one name that the field selector allows. */
  name: string
  /** Of requests for several objects, as in the query; empty when there is none. */
  fieldSelector: string
  /** Whether the path itself names an object. */
  namesObject: boolean
  /** What follows the subresource, without a leading `/`. */
  rest: string
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}
/** What stands behind a namespace's name and is no resource. */
const NAMESPACE_SUBRESOURCES = ['status', 'finalize']
const WATCH_PREFIX = 'watch'

/** @param path decoded */
export function parseRequestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const beside: PathRequest = { type: 'path', path, verb: method.toLowerCase() }
  const parts = withoutOuterSlashes(path).split('/')
  const [prefix] = parts
  if (prefix !== 'api' && prefix !== 'apis') return beside
  const [group = '', version = '', ...below] = prefix === 'api' ? ['', ...parts.slice(1)] : parts.slice(1)
  if (below.length === 0) return beside
  const isWatchPath = below[0] === WATCH_PREFIX && below.length > 1
  const { namespace, parts: own } = splitNamespace(isWatchPath ? below.slice(1) : below)
  const [resource = '', name = '', third = '', ...rest] = own
  const subresource = isWatchPath ? '' : third
  const request: ResourceRequest = {
    type: 'resource',
    path,
    verb: isWatchPath ? 'watch' : (VERBS[method] ?? ''),
    group,
    version,
    namespace,
    resource,
    subresource,
    name,
    fieldSelector: name === '' ? (query.get('fieldSelector') ?? '') : '',
    namesObject: name !== '',
    rest: rest.join('/'),
  }
  if (name === '') describeCollection(request, query)
  return request
}

/** By hand: everybody may send a path, and a pattern would look at a long row of slashes once for each of them. */
function withoutOuterSlashes(path: string): string {
  let [start, end] = [0, path.length]
  while (path[start] === '/') start += 1
  while (end > start && path[end - 1] === '/') end -= 1
  return path.slice(start, end)
}

function splitNamespace(parts: string[]): { namespace: string; parts: string[] } {
  if (parts[0] !== 'namespaces') return { namespace: '', parts }
  const [, namespace = '', next] = parts
  const isOfNamespace = next === undefined || NAMESPACE_SUBRESOURCES.includes(next)
  return { namespace, parts: isOfNamespace ? parts : parts.slice(2) }
}

function describeCollection(request: ResourceRequest, query: URLSearchParams): void {
  if (request.verb === 'delete') request.verb = 'deletecollection'
  if (request.verb === 'get') request.verb = readFlag(query, 'watch') ? 'watch' : 'list'
  if (request.verb === 'list' || request.verb === 'watch') request.name = selectedName(request.fieldSelector)
}

/** A selector that cannot be read names nothing; it is refused later. */
function selectedName(fieldSelector: string): string {
  try {
    return requiredValue(parseFieldSelector(fieldSelector), 'metadata.name') ?? ''
  } catch {
    return ''
  }
}
