/** Paths beside the resources: `/`, `/version`, `/metrics`, `/openapi`. */
import { METRICS_CONTENT_TYPE, formatMetrics, type MetricFamily } from '../../base/metric.ts'
import { KUBERNETES_VERSION } from '../../common/kubernetes-version.ts'
import type { Exchange } from '../endpoints/exchange.ts'
import { sendBytes, sendObject } from '../endpoints/respond.ts'
import type { OpenAPIDocuments } from '../openapi/open-api-documents.ts'
import type { PathHandler } from './api-handler.ts'

/** The first that knows the path answers. */
export function firstOf(handlers: readonly PathHandler[]): PathHandler {
  return {
    async serve(exchange) {
      for (const handler of handlers) if (await handler.serve(exchange)) return true
      return false
    },
  }
}

/** `GET /` lists what there is. */
export function rootHandler(paths: () => readonly string[]): PathHandler {
  return onPath('/', (exchange) => sendObject(exchange, 200, { paths: [...paths()].sort() }))
}

/** The server says that it is the Kubernetes whose behaviour it follows. */
export function versionHandler(): PathHandler {
  const [major = '', minor = ''] = KUBERNETES_VERSION.slice(1).split('.')
  const version = {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion: KUBERNETES_VERSION,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: '',
    platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
  }
  return onPath('/version', (exchange) => sendObject(exchange, 200, version))
}

export function metricsHandler(families: () => Iterable<MetricFamily>): PathHandler {
  return onPath('/metrics', (exchange) =>
    sendBytes(exchange, 200, METRICS_CONTENT_TYPE, Buffer.from(formatMetrics(families()))),
  )
}

export function openAPIHandler(documents: OpenAPIDocuments): PathHandler {
  return {
    async serve({ path, query, request, response }) {
      if (!path.startsWith('/openapi/')) return false
      const answer = documents.serve({
        path,
        query,
        accept: request.headers.accept,
        acceptsGzip: /\bgzip\b/.test(request.headers['accept-encoding'] ?? ''),
        ifNoneMatch: request.headers['if-none-match'],
      })
      response.writeHead(answer.status, answer.headers)
      response.end(answer.body)
      return await Promise.resolve(true)
    },
  }
}

/** With or without a `/` at the end. */
function onPath(path: string, answer: (exchange: Exchange) => Promise<void>): PathHandler {
  return {
    async serve(exchange) {
      if (exchange.path !== path && exchange.path !== `${path}/`) return false
      await answer(exchange)
      return true
    },
  }
}
