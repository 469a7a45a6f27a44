/** An `httpGet` action of a probe or a hook, carried out as Go's HTTP client does (facts 2.13.6, 2.13.7). */
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { HTTPGetAction, HTTPHeader } from '../../common/api/core.ts'
import { awaitAnswer } from './await-answer.ts'
import { dialError } from '../../base/dial-error.ts'
import { requestPath } from './request-path.ts'

const MAX_REDIRECTS = 10
const MAX_BODY_BYTES = 10 * 1024
/** How the kubelet names itself to who it asks (facts 2.13.7). */
export const userAgent = (purpose: HttpGetInput['purpose']): string => `kube-${purpose}/1.35`

export interface HttpGetInput {
  action: HTTPGetAction
  /** Where the request goes when the action names no host. */
  defaultHost: string
  port: number
  /** Who asks: the middle of the `User-Agent`. */
  purpose: 'probe' | 'lifecycle'
  /** Aborted when the time is over. */
  signal: AbortSignal
}

export type HttpGetResult =
  /** `body`: its first 10 KiB. */
  | { kind: 'answered'; status: number; body: string }
  /** No answer; `plainHttp`: the other side speaks HTTP where TLS was wanted. */
  | { kind: 'failed'; words: string; plainHttp: boolean }
  /** The request cannot be written, or its answer broke off within the body. */
  | { kind: 'error'; words: string }

/** Redirects are followed as long as they stay on the host; one that leaves it is itself the answer. Does not throw. */
export async function httpGet(input: HttpGetInput): Promise<HttpGetResult> {
  const { action } = input
  const host = action.host || input.defaultHost
  const origin = `${action.scheme === 'HTTPS' ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${input.port}`
  if (!URL.canParse(origin)) return { kind: 'error', words: `parse ${JSON.stringify(origin)}: invalid URL` }
  let target = { origin, path: requestPath(action.path) }
  for (let redirects = 0; ; redirects++) {
    const answer = await ask(target, input)
    if ('kind' in answer) return answer
    const next = redirectTarget(answer, target)
    if (next === undefined || new URL(next.origin).hostname !== new URL(origin).hostname) return readBody(answer, input)
    answer.destroy()
    if (redirects === MAX_REDIRECTS - 1)
      return { kind: 'failed', words: `Get ${JSON.stringify(next.path)}: stopped after 10 redirects`, plainHttp: false }
    target = next
  }
}

interface Target {
  origin: string
  path: string
}

/** Resolves with the answer's head. */
async function ask(
  target: Target,
  { action, purpose, signal }: HttpGetInput,
): Promise<IncomingMessage | HttpGetResult> {
  const { origin, path } = target
  const { protocol, hostname, port } = new URL(origin)
  const secure = protocol === 'https:'
  try {
    const host = hostname.replace(/^\[|\]$/g, '')
    const headers = requestHeaders(action.httpHeaders ?? [], purpose)
    const options = { host, port, path, headers, signal, agent: false as const }
    return await awaitAnswer(secure ? secureRequest({ ...options, rejectUnauthorized: false }) : request(options))
  } catch (cause) {
    // Node.js refuses control characters in headers before anything is sent, as Go's client does.
    const error = cause instanceof Error ? cause : new Error(String(cause))
    const plainHttp = secure && isPlainHttpError(error)
    const words = signal.aborted
      ? 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
      : plainHttp
        ? 'http: server gave HTTP response to HTTPS client'
        : dialError(hostname, Number(port === '' ? (secure ? 443 : 80) : port), error)
    return { kind: 'failed', words: `Get ${JSON.stringify(`${origin}${path}`)}: ${words}`, plainHttp }
  }
}

function isPlainHttpError(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : ''
  return code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG'
}

/** A name that occurs twice is sent twice; an empty `Accept` or `User-Agent` takes the default one away. */
function requestHeaders(own: HTTPHeader[], purpose: HttpGetInput['purpose']): Record<string, string | string[]> {
  const headers = new Map([
    ['user-agent', { name: 'User-Agent', values: [userAgent(purpose)], isDefault: true }],
    ['accept', { name: 'Accept', values: ['*/*'], isDefault: true }],
  ])
  for (const { name, value } of own) {
    // The bytes of UTF-8, which Node.js takes one character each.
    const bytes = Buffer.from(value, 'utf8').toString('latin1')
    const present = headers.get(name.toLowerCase())
    if (present === undefined || present.isDefault)
      headers.set(name.toLowerCase(), { name, values: [bytes], isDefault: false })
    else present.values.push(bytes)
  }
  for (const name of ['user-agent', 'accept']) if (headers.get(name)?.values[0] === '') headers.delete(name)
  return Object.fromEntries(
    [...headers.values()].map(({ name, values }) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  )
}

/** `undefined`: no redirect, or none that says where to. */
function redirectTarget(answer: IncomingMessage, { origin, path }: Target): Target | undefined {
  const { location } = answer.headers
  if (![301, 302, 303, 307, 308].includes(answer.statusCode ?? 0) || location === undefined) return undefined
  const url = URL.parse(location, `${origin}${path}`)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined
  return { origin: url.origin, path: `${url.pathname}${url.search}` }
}

async function readBody(answer: IncomingMessage, { signal }: HttpGetInput): Promise<HttpGetResult> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of answer) {
      chunks.push(chunk as Buffer)
      size += (chunk as Buffer).length
      if (size >= MAX_BODY_BYTES) break
    }
  } catch (error) {
    const words = signal.aborted
      ? 'context deadline exceeded (Client.Timeout or context cancellation while reading body)'
      : error instanceof Error
        ? error.message
        : String(error)
    return { kind: 'error', words }
  }
  const body = Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString('utf8')
  return { kind: 'answered', status: answer.statusCode ?? 0, body }
}
