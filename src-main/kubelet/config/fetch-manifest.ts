/** One GET of `staticPodURL`, as Go's HTTP client makes it: redirects are followed, certificates checked, no proxy asked. */
import { request, type IncomingMessage } from 'node:http'
import { request as secureRequest } from 'node:https'
import { MAX_MANIFEST_BYTES, READ_LIMIT_MESSAGE } from '../../common/manifest/decode-manifest.ts'
import { awaitAnswer } from '../lifecycle/await-answer.ts'
import { dialError } from '../../base/dial-error.ts'

export interface HTTPAnswer {
  status: number
  statusText: string
  body: Buffer
}

/** Ends with an error when the signal is aborted. */
export type FetchManifest = (
  url: string,
  header: Readonly<Record<string, readonly string[]>>,
  signal: AbortSignal,
) => Promise<HTTPAnswer>

const MAX_REDIRECTS = 10
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]

/** @throws Error in Go's words where we know them */
export const fetchManifest: FetchManifest = async (url, header, signal) => {
  let place = parseAddress(url)
  const { host } = place
  for (let redirects = 0; ; redirects++) {
    // A header may be a secret between the node and this one server.
    const answer = await get(place, place.host === host ? header : {}, signal)
    const location = answer.headers.location
    if (!REDIRECTS.includes(answer.statusCode ?? 0) || location === undefined) return readAnswer(url, answer, signal)
    answer.destroy()
    if (redirects === MAX_REDIRECTS) throw failure(url, `stopped after ${MAX_REDIRECTS} redirects`)
    place = parseAddress(new URL(location, place).href)
  }
}

function parseAddress(url: string): URL {
  const place = URL.canParse(url) ? new URL(url) : undefined
  if (place === undefined) throw failure(url, 'no such address can be')
  if (place.protocol !== 'http:' && place.protocol !== 'https:')
    throw failure(url, `unsupported protocol scheme ${JSON.stringify(place.protocol.slice(0, -1))}`)
  return place
}

async function get(
  url: URL,
  header: Readonly<Record<string, readonly string[]>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:'
  const headers = { 'User-Agent': 'Go-http-client/1.1', ...mutable(header) }
  const options = { headers, signal, agent: false as const }
  const outgoing = secure ? secureRequest(url, options) : request(url, options)
  try {
    return await awaitAnswer(outgoing)
  } catch (cause) {
    const port = Number(url.port === '' ? (secure ? 443 : 80) : url.port)
    const words = signal.aborted
      ? 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
      : dialError(url.hostname, port, cause instanceof Error ? cause : new Error(String(cause)))
    throw failure(url.href, words)
  }
}

function mutable(header: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(header).map(([name, values]) => [name, [...values]]))
}

async function readAnswer(url: string, answer: IncomingMessage, signal: AbortSignal): Promise<HTTPAnswer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > MAX_MANIFEST_BYTES) break
      chunks.push(chunk)
    }
  } catch (error) {
    if (!signal.aborted) throw error
    throw failure(url, 'context deadline exceeded (Client.Timeout or context cancellation while reading body)')
  }
  if (length > MAX_MANIFEST_BYTES) throw new Error(READ_LIMIT_MESSAGE)
  return { status: answer.statusCode ?? 0, statusText: answer.statusMessage ?? '', body: Buffer.concat(chunks) }
}

function failure(url: string, words: string): Error {
  return new Error(`Get ${JSON.stringify(url)}: ${words}`)
}
