/** Answers: objects and failures in the form that the client takes, with the headers that upstream sends. */
import type { IncomingMessage } from 'node:http'
import type { Http2ServerRequest } from 'node:http2'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { stringify } from 'yaml'
import { StatusError, internalError } from '../../kube/status-error.ts'
import type { Status } from '../../common/api/status.ts'
import { contentTypeOf, type ResponseForm } from '../table/negotiate.ts'
import type { Exchange } from './exchange.ts'

/** So long the rest of a refused body may still arrive. */
const REST_OF_BODY_MS = 1000

/** Smaller answers are not worth the time (upstream's threshold). */
const GZIP_THRESHOLD_BYTES = 128 * 1024
const GZIP_LEVEL = 4
const compress = promisify(gzip)

export async function sendObject(
  exchange: Exchange,
  code: number,
  object: object,
  form: ResponseForm = { type: 'json' },
): Promise<void> {
  const text = form.type === 'yaml' ? stringify(object) : formatJSON(exchange, object)
  await sendBytes(exchange, code, contentTypeOf(form), Buffer.from(text))
}

export async function sendText(exchange: Exchange, code: number, text: string): Promise<void> {
  exchange.response.setHeader('X-Content-Type-Options', 'nosniff')
  await sendBytes(exchange, code, 'text/plain; charset=utf-8', Buffer.from(text))
}

/** Whatever was thrown, as a Status. What is no `StatusError` is ours, and `onProblem` is told. */
export async function sendFailure(
  exchange: Exchange,
  error: unknown,
  onProblem: (error: unknown) => void,
): Promise<void> {
  if (!(error instanceof StatusError)) onProblem(error)
  const { status } = error instanceof StatusError ? error : internalError(describe(error))
  const { response } = exchange
  if (response.headersSent) {
    response.destroy()
    return
  }
  const retryAfter = status.details?.retryAfterSeconds ?? 0
  if (retryAfter > 0) response.setHeader('Retry-After', String(retryAfter))
  const { request } = exchange
  if (!request.complete) {
    // An unread rest of a body would be taken for the next request.
    if (request.httpVersionMajor === 1) response.setHeader('Connection', 'close')
    else closeAfterAnswer(request)
  }
  await sendObject(exchange, status.code ?? 500, orderedStatus(status))
}

/**
 * Of HTTP/2: whoever still reads the body would wait for it as long as the connection lives. A request that nobody read is
 * not complete either, though it has arrived; and a stream that is closed in the moment of its answer takes the answer along.
 */
function closeAfterAnswer(request: IncomingMessage): void {
  const { stream } = request as unknown as Http2ServerRequest
  if (stream.endAfterHeaders) return
  stream.once('finish', () => setTimeout(() => stream.close(), REST_OF_BODY_MS).unref())
}

/** Upstream's order of members. */
function orderedStatus({ message, reason, details, code, ...rest }: Status): object {
  return {
    kind: rest.kind,
    apiVersion: rest.apiVersion,
    metadata: rest.metadata,
    status: rest.status,
    ...(message === undefined ? {} : { message }),
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    ...(code === undefined ? {} : { code }),
  }
}

export async function sendBytes(
  exchange: Exchange,
  code: number,
  contentType: string,
  bytes: Uint8Array,
): Promise<void> {
  const { request, response } = exchange
  setWarnings(exchange)
  response.setHeader('Cache-Control', 'no-cache, private')
  response.setHeader('Content-Type', contentType)
  let body = bytes
  if (bytes.length > GZIP_THRESHOLD_BYTES && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
    body = await compress(bytes, { level: GZIP_LEVEL })
    response.setHeader('Content-Encoding', 'gzip')
    response.setHeader('Vary', 'Accept-Encoding')
  }
  response.setHeader('Content-Length', body.length)
  response.statusCode = code
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** `Warning: 299 - "…"`, one for each. */
export function setWarnings({ response, warnings }: Exchange): void {
  if (warnings.length === 0) return
  response.setHeader(
    'Warning',
    warnings.map((warning) => `299 - ${JSON.stringify(warning.replaceAll(/[^\x20-\x7e]/g, '?'))}`),
  )
}

/** Indented for people: with `?pretty=true`, and for browsers and tools of the command line. */
function formatJSON({ query, request }: Exchange, object: object): string {
  const asked = query.get('pretty')
  const isForPeople =
    asked === null
      ? /^(curl|Wget|Mozilla\/5\.0)/.test(request.headers['user-agent'] ?? '')
      : asked !== 'false' && asked !== '0'
  const text = isForPeople ? JSON.stringify(object, undefined, 2) : JSON.stringify(object)
  return `${text.replaceAll(/[<>&\u2028\u2029]/g, escapeCharacter)}\n`
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** As Go's encoder writes it: kubectl compares the bytes of a revision's data with its own. */
function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
