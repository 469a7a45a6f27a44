/**
 * Asks a gRPC server for its health, in the clear, as a kubelet does (facts 2.13.6; pkg/probe/grpc). Every fault counts as
 * a failure of the probe.
 */
import { STATUS_CODES } from 'node:http'
import { connect } from 'node:http2'
import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2'
import type { Clock } from '../../base/clock.ts'
import { formatGoDuration } from '../../base/go-duration.ts'
import {
  decodeServingStatus,
  decodeStatusMessage,
  encodeHealthCheck,
  HEALTH_CHECK_PATH,
  statusName,
} from './grpc-wire.ts'
import type { GRPCStatusName } from './grpc-wire.ts'
import type { ProbeOutcome } from './run-probe.ts'

export interface HealthQuestion {
  clock: Clock
  host: string
  port: number
  /** Empty: the server as a whole. */
  service: string
  timeoutSeconds: number
  userAgent: string
}

/** What the server answered; `undefined`: nothing in time. */
type Answer = { code: GRPCStatusName; message: string; body: Buffer } | undefined

/** The wait between two attempts to connect grows as grpc-go's does. */
const FIRST_BACKOFF_MS = 1000
const BACKOFF_FACTOR = 1.6
/** More than any health answer has. */
const MAX_ANSWER_BYTES = 10 * 1024
/** What Go's client makes of an answer that is not gRPC. */
const CODE_OF_HTTP_STATUS: Readonly<Record<number, GRPCStatusName>> = {
  400: 'Internal',
  401: 'Unauthenticated',
  403: 'PermissionDenied',
  404: 'Unimplemented',
  429: 'Unavailable',
  502: 'Unavailable',
  503: 'Unavailable',
  504: 'Unavailable',
}

export async function checkGRPCHealth(question: HealthQuestion): Promise<ProbeOutcome> {
  const { clock, host, port, timeoutSeconds } = question
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const within = formatGoDuration(timeoutSeconds * 1000)
  const limit = new AbortController()
  const timer = clock.setTimer(timeoutSeconds * 1000, () => limit.abort())
  let session: ClientHttp2Session | undefined
  try {
    session = await connectWithin(clock, address, limit.signal)
    if (session === undefined)
      return failure(
        `timeout: failed to connect service ${JSON.stringify(address)} within ${within}: context deadline exceeded`,
      )
    return describeAnswer(await ask(session, question, limit.signal), within)
  } finally {
    timer.cancel()
    session?.destroy()
  }
}

function failure(output: string): ProbeOutcome {
  return { kind: 'failure', output }
}

function describeAnswer(answer: Answer, within: string): ProbeOutcome {
  if (answer === undefined || answer.code === 'DeadlineExceeded')
    return failure(`timeout: health rpc did not complete within ${within}`)
  const { code, message } = answer
  if (code === 'Unimplemented')
    return failure(`error: this server does not implement the grpc health protocol (grpc.health.v1.Health): ${message}`)
  if (code !== 'OK') return failure(`error: health rpc probe failed: rpc error: code = ${code} desc = ${message}`)
  const status = decodeServingStatus(answer.body)
  if (status === undefined)
    return failure('error: health rpc probe failed: rpc error: code = Internal desc = the answer is no health status')
  return status === 'SERVING' ? { kind: 'success' } : failure(`service unhealthy (responded with "${status}")`)
}

/** Tries until it is connected or the time is over. */
async function connectWithin(
  clock: Clock,
  address: string,
  signal: AbortSignal,
): Promise<ClientHttp2Session | undefined> {
  let backoffMs = FIRST_BACKOFF_MS
  while (!signal.aborted) {
    const session = await connectOnce(address, signal)
    if (session !== undefined) return session
    await pause(clock, backoffMs, signal)
    backoffMs *= BACKOFF_FACTOR
  }
  return undefined
}

/** Connected is who has said so in HTTP/2: another server on the port never does. */
function connectOnce(address: string, signal: AbortSignal): Promise<ClientHttp2Session | undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(undefined)
      return
    }
    const session = connect(`http://${address}`)
    const end = (isReady: boolean): void => {
      signal.removeEventListener('abort', giveUp)
      if (!isReady) session.destroy()
      resolve(isReady ? session : undefined)
    }
    const giveUp = (): void => end(false)
    signal.addEventListener('abort', giveUp)
    session.once('remoteSettings', () => end(true))
    // Also later, when the call is what fails: without a listener it would end the kubelet.
    session.on('error', giveUp)
    session.once('close', giveUp)
  })
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(ms, resolve)
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => {
      timer.cancel()
      resolve()
    })
  })
}

function ask(session: ClientHttp2Session, question: HealthQuestion, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': HEALTH_CHECK_PATH,
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': question.userAgent,
      'grpc-timeout': `${question.timeoutSeconds * 1000}m`,
    })
    let head: IncomingHttpHeaders = {}
    let tail: IncomingHttpHeaders = {}
    const chunks: Buffer[] = []
    let size = 0
    signal.addEventListener('abort', () => {
      stream.destroy()
      resolve(undefined)
    })
    stream.on('response', (headers) => (head = headers))
    stream.on('trailers', (headers) => (tail = headers))
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_ANSWER_BYTES) chunks.push(chunk)
      else stream.destroy()
    })
    // It is followed by 'close'.
    stream.on('error', () => undefined)
    stream.on('close', () => resolve(readAnswer(head, tail, Buffer.concat(chunks))))
    stream.end(encodeHealthCheck(question.service))
  })
}

/** A server that has only a status to say sends it with the head. */
function readAnswer(head: IncomingHttpHeaders, tail: IncomingHttpHeaders, body: Buffer): Answer {
  const foreign = describeForeignAnswer(head)
  if (foreign !== undefined) return { ...foreign, body }
  const code = tail['grpc-status'] ?? head['grpc-status']
  if (code === undefined) return { code: 'Unavailable', message: 'error reading from server: EOF', body }
  const message = tail['grpc-message'] ?? head['grpc-message'] ?? ''
  return { code: statusName(Number(code)), message: decodeStatusMessage(String(message)), body }
}

/** Words for an answer of something that is no gRPC server. */
function describeForeignAnswer(head: IncomingHttpHeaders): { code: GRPCStatusName; message: string } | undefined {
  const status = Number(head[':status'] ?? 0)
  if (status === 0) return undefined
  const type = head['content-type']
  const faults: string[] = []
  if (status !== 200)
    faults.push(`unexpected HTTP status code received from server: ${status} (${STATUS_CODES[status] ?? ''})`)
  if (type === undefined) faults.push('malformed header: missing HTTP content-type')
  else if (!type.startsWith('application/grpc'))
    faults.push(`transport: received unexpected content-type ${JSON.stringify(type)}`)
  if (faults.length === 0) return undefined
  return { code: CODE_OF_HTTP_STATUS[status] ?? 'Unknown', message: faults.join('; ') }
}
