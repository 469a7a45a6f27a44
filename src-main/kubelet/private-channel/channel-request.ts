/** What a request to the private channel asks for, decided from method and path alone (src-main/common/node-channel.ts). */
import { LabError } from '../../common/lab-error.ts'
import type { LogTarget, TimelinePosition } from './channel-source.ts'
import type { LogReadOptions } from './read-log.ts'

export type ChannelRequest =
  | { verb: 'GetKubelet' }
  | { verb: 'GetView'; watch: boolean }
  | { verb: 'GetTimeline'; watch: boolean; after: TimelinePosition | undefined; filter: TimelineFilter }
  | { verb: 'GetLog'; target: LogTarget; options: LogReadOptions }
  | { verb: 'ListManifests' }
  | { verb: 'ReadManifest' | 'WriteManifest' | 'RemoveManifest'; name: string }

export interface TimelineFilter {
  namespace: string | undefined
  pod: string | undefined
}

/** @throws LabError BadRequest or NotFound */
export function parseChannelRequest(method: string, pathAndQuery: string): ChannelRequest {
  // Not by URL: it would take `..` for a step upwards, where here it is a bad name.
  const [pathname = '', search = ''] = pathAndQuery.split('?', 2)
  const [version, resource, ...rest] = pathname.slice(1).split('/').map(decodeSegment)
  const query = new Query(new URLSearchParams(search))
  if (version !== 'v1') throw notFound(pathAndQuery)
  const request = parseResource(method, resource ?? '', rest, query)
  if (request === undefined) throw notFound(pathAndQuery)
  query.refuseRest()
  return request
}

function parseResource(method: string, resource: string, rest: string[], query: Query): ChannelRequest | undefined {
  if (resource === 'manifests') return parseManifests(method, rest)
  if (!['kubelet', 'view', 'timeline', 'logs'].includes(resource)) return undefined
  if (method !== 'GET') throw badRequest(`${method} is not possible at /v1/${resource}: only GET is`)
  if (resource === 'logs') return parseLogs(rest, query)
  if (rest.length > 0) return undefined
  if (resource === 'kubelet') return { verb: 'GetKubelet' }
  if (resource === 'view') return { verb: 'GetView', watch: query.flag('watch') }
  return {
    verb: 'GetTimeline',
    watch: query.flag('watch'),
    after: query.position('after'),
    filter: { namespace: query.text('namespace'), pod: query.text('pod') },
  }
}

function parseLogs(rest: string[], query: Query): ChannelRequest | undefined {
  const [namespace, pod, container, ...more] = rest
  if (!namespace || !pod || !container || more.length > 0) return undefined
  return {
    verb: 'GetLog',
    target: { namespace, pod, container, previous: query.flag('previous') },
    options: {
      follow: query.flag('follow'),
      timestamps: query.flag('timestamps'),
      tailLines: query.count('tailLines'),
      sinceTime: query.time('sinceTime'),
    },
  }
}

function parseManifests(method: string, rest: string[]): ChannelRequest | undefined {
  const [name, ...more] = rest
  if (more.length > 0) return undefined
  if (name === undefined || name === '') {
    if (method !== 'GET') throw badRequest(`${method} is not possible at /v1/manifests: name a file`)
    return { verb: 'ListManifests' }
  }
  if (method === 'GET') return { verb: 'ReadManifest', name }
  if (method === 'PUT') return { verb: 'WriteManifest', name }
  if (method === 'DELETE') return { verb: 'RemoveManifest', name }
  throw badRequest(`${method} is not possible at a manifest: only GET, PUT and DELETE are`)
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    // The only failure is a malformed escape, which is the sender's fault.
    throw badRequest(`${JSON.stringify(segment)} in the path has a malformed percent escape`)
  }
}

/** Takes parameters one by one; what is left over was not understood. */
class Query {
  readonly #left: Map<string, string>

  constructor(parameters: URLSearchParams) {
    this.#left = new Map(parameters)
  }

  text(name: string): string | undefined {
    const value = this.#left.get(name)
    this.#left.delete(name)
    return value === '' ? undefined : value
  }

  flag(name: string): boolean {
    const value = this.text(name)
    if (value === undefined || value === '0' || value === 'false') return false
    if (value === '1' || value === 'true') return true
    throw badRequest(`${name}=${value}: write ${name}=1 or leave it out`)
  }

  count(name: string): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    if (!/^\d{1,15}$/.test(value)) throw badRequest(`${name}=${value}: a whole number of 0 or more is wanted`)
    return Number(value)
  }

  /** UTC with milliseconds. */
  time(name: string): string | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const milliseconds = Date.parse(value)
    if (!/^\d{4}-\d\d-\d\dT/.test(value) || Number.isNaN(milliseconds))
      throw badRequest(`${name}=${value}: a time such as 2026-01-31T12:00:00Z is wanted`)
    return new Date(milliseconds).toISOString()
  }

  position(name: string): TimelinePosition | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const match = /^(.+):(\d{1,15})$/.exec(value)
    if (match === null) throw badRequest(`${name}=${value}: BOOT:SEQUENCE is wanted`)
    return { boot: match[1] ?? '', sequence: Number(match[2]) }
  }

  refuseRest(): void {
    const [name] = this.#left.keys()
    if (name !== undefined) throw badRequest(`the parameter ${JSON.stringify(name)} is not known here`)
  }
}

function notFound(path: string): LabError {
  return new LabError({ kind: 'NotFound', message: `the node's private channel has nothing at ${path}` })
}

function badRequest(message: string): LabError {
  return new LabError({ kind: 'BadRequest', message })
}
