/** What a request asks for, decided from method and path alone (facts 5.2; pkg/kubelet/server/server.go). */
import { HttpProblem } from './http-problem.ts'

export interface PodTarget {
  namespace: string
  pod: string
  /** Empty: whichever has the name. */
  uid: string
}

export interface ContainerTarget extends PodTarget {
  container: string
}

export type StreamRoute =
  | { kind: 'Exec' | 'Attach'; target: ContainerTarget }
  | { kind: 'PortForward'; target: PodTarget }

export type Route =
  | { kind: 'Health'; check: string }
  | { kind: 'ListPods' | 'ListRunningPods' | 'GetSummary' | 'GetConfiguration' }
  | { kind: 'GetMetrics'; of: 'kubelet' | 'resource' | 'probes' }
  | { kind: 'ReadLog' | 'Run'; target: ContainerTarget }
  | { kind: 'ReadSystemLog'; path: string[] }
  | StreamRoute

export interface RequestPath {
  /** Decoded; `/pods/` has an empty last one. */
  segments: string[]
  query: URLSearchParams
}

/** @throws HttpProblem when an escape is malformed */
export function parsePath(url: string): RequestPath {
  // Not by URL: it would take `..` for a step upwards, and authorisation has to see what the router sees.
  const [pathname = '', search = ''] = url.split(/\?(.*)/s, 2)
  try {
    return { segments: pathname.slice(1).split('/').map(decodeURIComponent), query: new URLSearchParams(search) }
  } catch {
    // The only failure is a malformed escape, which is the sender's fault.
    throw new HttpProblem(400, 'Bad Request')
  }
}

export interface RouteOptions {
  /** `reading`: what upstream serves without asking who it is for. */
  serves: 'health' | 'reading' | 'everything'
  debuggingHandlers: boolean
  systemLogHandler: boolean
}

/** @throws HttpProblem in upstream's words when nothing is served there */
export function routeRequest(method: string, { segments }: RequestPath, options: RouteOptions): Route {
  const route = healthRoute(segments) ?? otherRoute(method, segments, options)
  if (route === undefined) throw new HttpProblem(404, '404 page not found\n')
  if (GET_ONLY.has(route.kind)) allowOnly(method, ['GET'])
  return route
}

const GET_ONLY: ReadonlySet<Route['kind']> = new Set([
  'ListPods',
  'ListRunningPods',
  'GetSummary',
  'ReadLog',
  'ReadSystemLog',
])

function otherRoute(method: string, segments: string[], options: RouteOptions): Route | undefined {
  switch (options.serves) {
    case 'health':
      return undefined
    case 'reading':
      return readingRoute(segments)
    case 'everything':
      return readingRoute(segments) ?? guardedRoute(method, segments, options)
  }
}

function healthRoute([root, check, ...rest]: string[]): Route | undefined {
  if (root !== 'healthz' || check === '' || rest.length > 0) return undefined
  return { kind: 'Health', check: check ?? '' }
}

function readingRoute([root, ...rest]: string[]): Route | undefined {
  const [second = ''] = rest
  switch (root) {
    case 'pods':
      return isEnd(rest) ? { kind: 'ListPods' } : undefined
    case 'stats':
      return second === 'summary' && isEnd(rest.slice(1)) ? { kind: 'GetSummary' } : undefined
    case 'metrics':
      if (rest.length === 0) return { kind: 'GetMetrics', of: 'kubelet' }
      return rest.length === 1 && (second === 'resource' || second === 'probes')
        ? { kind: 'GetMetrics', of: second }
        : undefined
    default:
      return undefined
  }
}

const DISABLED_WITHOUT_DEBUGGING = ['run', 'exec', 'attach', 'portForward', 'containerLogs', 'runningpods', 'logs']

function guardedRoute(method: string, segments: string[], options: RouteOptions): Route | undefined {
  const [root = '', ...rest] = segments
  if (!options.debuggingHandlers) {
    if (DISABLED_WITHOUT_DEBUGGING.includes(root) || (root === 'debug' && rest[0] === 'pprof'))
      throw new HttpProblem(405, 'Debug endpoints are disabled.\n')
    return undefined
  }
  switch (root) {
    case 'configz':
      return rest.length === 0 ? { kind: 'GetConfiguration' } : undefined
    case 'runningpods':
      return isEnd(rest) ? { kind: 'ListRunningPods' } : undefined
    case 'containerLogs': {
      const target = rest.length === 3 ? containerTarget(rest) : undefined
      return target === undefined ? undefined : { kind: 'ReadLog', target }
    }
    case 'logs':
      if (!options.systemLogHandler) throw new HttpProblem(405, 'logs endpoint is disabled.\n')
      return { kind: 'ReadSystemLog', path: rest }
    case 'run':
      return forContainer(rest, method, ['POST'], (target) => ({ kind: 'Run', target }))
    case 'exec':
      return forContainer(rest, method, ['GET', 'POST'], (target) => ({ kind: 'Exec', target }))
    case 'attach':
      return forContainer(rest, method, ['GET', 'POST'], (target) => ({ kind: 'Attach', target }))
    case 'portForward': {
      const [namespace = '', pod = '', uid = ''] = rest
      if (rest.length < 2 || rest.length > 3 || rest.includes('')) return undefined
      allowOnly(method, ['GET', 'POST'])
      return { kind: 'PortForward', target: { namespace, pod, uid } }
    }
    default:
      return undefined
  }
}

function forContainer(
  rest: string[],
  method: string,
  allowed: string[],
  make: (target: ContainerTarget) => Route,
): Route | undefined {
  const target = containerTarget(rest)
  if (target === undefined) return undefined
  allowOnly(method, allowed)
  return make(target)
}

function allowOnly(method: string, allowed: string[]): void {
  if (!allowed.includes(method)) throw new HttpProblem(405, '405: Method Not Allowed', { Allow: allowed.join(', ') })
}

/** `NAMESPACE/POD/CONTAINER` or `NAMESPACE/POD/UID/CONTAINER`. */
function containerTarget(rest: string[]): ContainerTarget | undefined {
  if (rest.includes('')) return undefined
  const [namespace = '', pod = '', third = '', fourth] = rest
  if (rest.length === 3) return { namespace, pod, uid: '', container: third }
  return rest.length === 4 && fourth !== undefined ? { namespace, pod, uid: third, container: fourth } : undefined
}

function isEnd(rest: string[]): boolean {
  return rest.length === 0 || (rest.length === 1 && rest[0] === '')
}

/** How requests are told apart in the kubelet's own metrics. */
export function metricsPath({ segments: [root = '', second = ''] }: RequestPath): string {
  if (root === 'metrics' && ['cadvisor', 'probes', 'resource'].includes(second)) return `metrics/${second}`
  return METRICS_PATHS.has(root) ? root : 'other'
}

const METRICS_PATHS = new Set([
  ...['healthz', 'pods', 'stats', 'metrics', 'run', 'exec', 'attach', 'portForward', 'containerLogs', 'configz'],
  ...['runningpods', 'checkpoint', 'logs', 'debug'],
])
