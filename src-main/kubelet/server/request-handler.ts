/** Answers requests of the kubelet's HTTP servers, once it is clear who asks and for what. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import { LabError } from '../../common/lab-error.ts'
import type { ImageService, RuntimeService } from '../../container-runtime/cri.ts'
import { findLogFile } from '../container-log-file.ts'
import { formatMetrics, METRICS_CONTENT_TYPE } from '../../base/metric.ts'
import type { MetricFamily } from '../../base/metric.ts'
import type { KubeletMetrics } from '../metrics/kubelet-metrics.ts'
import { processFamilies } from '../../base/process-metrics.ts'
import type { KubeletConfiguration } from '../options/kubelet-configuration.ts'
import { readLog } from '../private-channel/read-log.ts'
import { rpcDescription } from '../runtime/describe-error.ts'
import { collectSummary } from './collect-summary.ts'
import { parseLogRequest, takeBytes } from './container-log-request.ts'
import { findRunningContainer } from './find-target.ts'
import type { HealthChecks } from './health-checks.ts'
import { answerHealth } from './health-checks.ts'
import { HttpProblem } from './http-problem.ts'
import type { KubeletHost } from './kubelet-host.ts'
import { podFamilies } from './pod-gauges.ts'
import { encodePodList, listRunningPods } from './pod-lists.ts'
import type { ContainerTarget, RequestPath, Route } from './request-route.ts'
import { resourceFamilies } from './resource-metrics.ts'
import { runInContainer } from './run-in-container.ts'
import { readSystemLog } from './system-logs.ts'

/** Everything that is served is made from. */
export interface ServerContext {
  clock: Clock
  logger: Logger
  host: KubeletHost
  runtime: RuntimeService
  images: ImageService
  metrics: KubeletMetrics
  health: HealthChecks
  /** As it is in force, for `/configz`. */
  configuration: KubeletConfiguration
  rootDirectory: string
  /** `/var/log`. */
  systemLogs: string
}

/** @throws HttpProblem; LabError of `log-errors.ts` */
export async function answerRoute(
  route: Route,
  path: RequestPath,
  request: IncomingMessage,
  response: ServerResponse,
  context: ServerContext,
): Promise<void> {
  const { host, runtime, metrics, clock } = context
  switch (route.kind) {
    case 'Health':
      response.setHeader('X-Content-Type-Options', 'nosniff')
      sendText(response, answerHealth(context.health, route.check, path.query))
      return
    case 'ListPods':
      sendJson(response, encodePodList(host.desiredPods()))
      return
    case 'ListRunningPods':
      sendJson(response, encodePodList(listRunningPods(host.runtimePods())))
      return
    case 'GetConfiguration': {
      const { apiVersion: _apiVersion, kind: _kind, ...kubeletconfig } = context.configuration
      sendJson(response, JSON.stringify({ kubeletconfig }))
      return
    }
    case 'GetSummary':
      await sendSummary(path, response, context)
      return
    case 'GetMetrics':
      if (route.of === 'kubelet')
        sendMetrics(response, [...podFamilies(host), ...metrics.families(), ...processFamilies(clock.now())])
      else if (route.of === 'probes') sendMetrics(response, metrics.probeFamilies())
      else await sendResourceMetrics(response, context)
      return
    case 'ReadLog':
      await sendLog(route.target, path, response, context)
      return
    case 'Run': {
      const { id } = findRunningContainer(host, route.target)
      sendJson(response, await runInContainer(runtime, id, path.query.get('cmd') ?? ''))
      return
    }
    case 'ReadSystemLog':
      await sendSystemLog(route.path, response, context.systemLogs)
      return
    case 'Exec':
    case 'Attach':
    case 'PortForward':
      // Upgrades go another way; this one asked without one.
      throw new HttpProblem(500, 'Upgrade request required\n')
  }
}

async function sendSummary({ query }: RequestPath, response: ServerResponse, context: ServerContext): Promise<void> {
  const only = query.get('only_cpu_and_memory')
  try {
    sendJson(response, JSON.stringify(await collectSummary(context, only === 'true' || only === '1'), undefined, 1))
  } catch (error) {
    throw new HttpProblem(500, `Internal Error: ${rpcDescription(error)}`)
  }
}

async function sendResourceMetrics(response: ServerResponse, context: ServerContext): Promise<void> {
  const summary = await collectSummary(context, true).catch((error: unknown) => {
    context.logger.error('Error getting summary for resourceMetric prometheus endpoint', { err: rpcDescription(error) })
    return undefined
  })
  sendMetrics(response, resourceFamilies(summary))
}

async function sendLog(
  target: ContainerTarget,
  { query }: RequestPath,
  response: ServerResponse,
  { clock, host }: ServerContext,
): Promise<void> {
  const { previous, limitBytes, options } = parseLogRequest(query, clock)
  const log = findLogFile(host.desiredPods(), (uid) => host.runtimePod(uid), { ...target, previous })
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' })
  // A follower wants to know that there is a log before its first line.
  response.flushHeaders()
  const onDidChange = host.onDidChange.bind(host)
  const text = readLog(log, options, { clock, signal: gone.signal, onDidChange })
  await pipeline(limitBytes === undefined ? text : takeBytes(text, limitBytes), response)
}

async function sendSystemLog(path: readonly string[], response: ServerResponse, root: string): Promise<void> {
  const found = await readSystemLog(root, path)
  switch (found.kind) {
    case 'redirect':
      response.writeHead(301, { Location: found.to }).end()
      return
    case 'folder':
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(found.html)
      return
    case 'file': {
      response.writeHead(200, {
        'Content-Type': 'text/plain; charset=utf-8',
        'Content-Length': found.sizeBytes,
        'X-Content-Type-Options': 'nosniff',
      })
      if (found.sizeBytes === 0) {
        response.end()
        return
      }
      const file = found.open()
      await pipeline(file, response, { end: false })
      // A file that became shorter meanwhile: only the end of the connection tells the reader that no more will come.
      if (file.bytesRead < found.sizeBytes) response.destroy()
      else response.end()
    }
  }
}

function sendMetrics(response: ServerResponse, families: MetricFamily[]): void {
  response.writeHead(200, { 'Content-Type': METRICS_CONTENT_TYPE }).end(formatMetrics(families))
}

function sendText(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text)
}

function sendJson(response: ServerResponse, json: string | Buffer): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(json)
}

/** What the caller is told of an error; `undefined`: nothing that he could use. */
export function problemOf(error: unknown): HttpProblem | undefined {
  if (error instanceof HttpProblem) return error
  if (!(error instanceof LabError)) return undefined
  return new HttpProblem(error.kind === 'NotFound' ? 404 : 400, error.message)
}
