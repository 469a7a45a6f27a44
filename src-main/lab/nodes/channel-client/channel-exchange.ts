/** Requests on a session: one answer, or lines and text as they come. Failures are `LabError`s. */
import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2'
import { PassThrough, pipeline, type Readable } from 'node:stream'
import { LabError, type LabErrorData, type LabErrorKind } from '../../../common/lab-error.ts'
import type { ChannelConnection } from './channel-connection.ts'

/** A unary request that takes longer has failed. */
const REQUEST_TIMEOUT_MS = 30_000

/** The whole answer. */
export async function exchange(
  connection: ChannelConnection,
  method: 'GET' | 'PUT' | 'DELETE',
  path: string,
  body?: Buffer,
): Promise<Buffer> {
  const answer = await send(connection, { ':method': method, ':path': path }, body)
  const timer = connection.clock.setTimer(REQUEST_TIMEOUT_MS, () => {
    const message = `${connection.container} did not answer ${method} ${path} in 30 s`
    answer.cancel(new LabError({ kind: 'Timeout', message }))
  })
  try {
    return await readAnswer(connection, answer)
  } finally {
    timer.cancel()
  }
}

/** The text of an answer in pieces, until its end or the signal. */
export async function* streamText(
  connection: ChannelConnection,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const answer = await send(connection, { ':method': 'GET', ':path': path })
  const cancel = (): void => answer.cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    if (signal?.aborted) return
    const status = await answer.status
    if (status !== 200) throw errorOf(await collect(answer.content), status)
    answer.content.setEncoding('utf8')
    for await (const text of answer.content) yield String(text)
  } catch (error) {
    if (signal?.aborted) return
    throw asLabError(connection, error)
  } finally {
    signal?.removeEventListener('abort', cancel)
    answer.cancel()
  }
}

/** The lines of an answer, without their newlines, those that came together in one array. */
export async function* streamLines(
  connection: ChannelConnection,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<string[]> {
  let rest = ''
  for await (const text of streamText(connection, path, signal)) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    if (lines.length > 0) yield lines
  }
}

interface Answer {
  status: Promise<number>
  content: Readable
  cancel(reason?: Error): void
}

async function send(connection: ChannelConnection, headers: OutgoingHttpHeaders, body?: Buffer): Promise<Answer> {
  const session = await connection.session()
  const stream = openStream(connection, session, headers, body === undefined)
  // A short answer is over before a promise has told of its status, and Node empties a stream that ends unread.
  const content = new PassThrough()
  const status = statusOf(connection, stream)
  // Both are met again by the reader of the answer.
  status.catch(() => undefined)
  pipeline(stream, content, () => undefined)
  if (body !== undefined) stream.end(body)
  return { status, content, cancel: (reason) => void content.destroy(reason) }
}

function openStream(
  connection: ChannelConnection,
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  endStream: boolean,
): ClientHttp2Stream {
  try {
    return session.request(headers, { endStream })
  } catch (error) {
    // The session has ended in this very moment.
    throw connectionLost(connection, error)
  }
}

async function readAnswer(connection: ChannelConnection, answer: Answer): Promise<Buffer> {
  try {
    const status = await answer.status
    const content = await collect(answer.content)
    if (status >= 200 && status < 300) return content
    throw errorOf(content, status)
  } catch (error) {
    throw asLabError(connection, error)
  }
}

function statusOf(connection: ChannelConnection, stream: ClientHttp2Stream): Promise<number> {
  return new Promise((resolve, reject) => {
    stream.once('response', (headers) => resolve(Number(headers[':status'])))
    stream.once('error', reject)
    stream.once('close', () => reject(connectionLost(connection)))
  })
}

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

const KINDS: ReadonlySet<string> = new Set<LabErrorKind>([
  'BadRequest',
  'NotFound',
  'AlreadyExists',
  'Conflict',
  'Forbidden',
  'NoEngine',
  'Unavailable',
  'Timeout',
  'Cancelled',
  'Internal',
])

function errorOf(content: Buffer, status: number): LabError {
  const text = content.toString('utf8')
  try {
    const data: unknown = JSON.parse(text)
    if (isErrorData(data)) return new LabError(data)
  } catch {
    // Not JSON: told below as it came.
  }
  return new LabError({ kind: 'Internal', message: `the node answered ${status}: ${text.slice(0, 300)}` })
}

function isErrorData(data: unknown): data is LabErrorData {
  if (typeof data !== 'object' || data === null) return false
  return 'kind' in data && KINDS.has(String(data.kind)) && 'message' in data && typeof data.message === 'string'
}

function asLabError(connection: ChannelConnection, error: unknown): LabError {
  return error instanceof LabError ? error : connectionLost(connection, error)
}

function connectionLost(connection: ChannelConnection, cause?: unknown): LabError {
  return new LabError({ kind: 'Unavailable', message: `the connection to ${connection.container} was lost` }, { cause })
}
