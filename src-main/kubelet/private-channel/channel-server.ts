/** Serves the node's private channel on a unix socket (src-main/common/node-channel.ts). */
import { chmod, lstat, unlink } from 'node:fs/promises'
import http2, { type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { Clock } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import { LabError, toLabErrorData, type LabErrorKind } from '../../common/lab-error.ts'
import { parseChannelRequest, type ChannelRequest } from './channel-request.ts'
import type { KubeletChannelSource } from './channel-source.ts'
import { listManifests, MAX_MANIFEST_BYTES, readManifest, removeManifest, writeManifest } from './manifest-files.ts'
import { readLog } from './read-log.ts'
import { readView, timelineLines, watchTimeline, watchView } from './watch-responses.ts'

export interface ChannelServerOptions {
  source: KubeletChannelSource
  socketPath: string
  clock: Clock
  logger: Logger
}

/** Resolves when it listens. A socket left by a killed kubelet is replaced; the new one is its owner's only. */
export async function serveNodeChannel(options: ChannelServerOptions): Promise<Disposable> {
  const { socketPath, logger } = options
  await removeStaleSocket(socketPath)
  const sessions = new Set<ServerHttp2Session>()
  const server = http2.createServer()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
  })
  server.on('sessionError', (error: Error) => logger.warn('Private channel: a connection failed', { err: error }))
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    // A reader that goes away in the middle of an answer is no fault; its stream closes.
    stream.on('error', (error) => logger.info('Private channel: a stream failed', { err: error }))
    void answer(stream, headers, options)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketPath, () => {
      server.off('error', reject)
      resolve()
    })
  })
  server.on('error', (error) => logger.error('Private channel: the server failed', { err: error }))
  await chmod(socketPath, 0o600)
  return {
    async dispose() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const session of sessions) session.destroy()
      await closed
    },
  }
}

async function removeStaleSocket(socketPath: string): Promise<void> {
  const stats = await lstat(socketPath).catch(() => undefined) // nothing there: nothing to remove
  if (stats === undefined) return
  if (!stats.isSocket()) throw new Error(`${socketPath} is in the way: it is not a socket`)
  await unlink(socketPath)
}

async function answer(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  options: ChannelServerOptions,
): Promise<void> {
  try {
    await carryOut(parseChannelRequest(headers[':method'] ?? '', headers[':path'] ?? ''), stream, options)
  } catch (error) {
    const data = toLabErrorData(error)
    if (data.kind === 'Internal') options.logger.error('Private channel: a request failed', { err: error })
    if (stream.destroyed) return
    if (stream.headersSent) stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR)
    else sendJson(stream, data, STATUS[data.kind])
  }
}

async function carryOut(
  request: ChannelRequest,
  stream: ServerHttp2Stream,
  { source, clock }: ChannelServerOptions,
): Promise<void> {
  switch (request.verb) {
    case 'GetKubelet':
      sendJson(stream, source.kubeletInfo())
      return
    case 'GetView':
      if (!request.watch) sendJson(stream, readView(source, clock))
      else {
        stream.respond({ ':status': 200, 'content-type': 'application/x-ndjson' })
        watchView(stream, source, clock)
      }
      return
    case 'GetTimeline':
      stream.respond({ ':status': 200, 'content-type': 'application/x-ndjson' })
      if (request.watch) watchTimeline(stream, source, clock, request)
      else stream.end(timelineLines(source.timelineAfter(request.after), request.filter))
      return
    case 'GetLog':
      await sendLog(request, stream, source, clock)
      return
    case 'ListManifests':
      sendJson(stream, await listManifests(source.watchedPath()))
      return
    case 'ReadManifest': {
      const content = await readManifest(source.watchedPath(), request.name)
      stream.respond({ ':status': 200, 'content-type': 'application/octet-stream' })
      stream.end(content)
      return
    }
    case 'WriteManifest':
      await writeManifest(source.watchedPath(), request.name, await readBody(stream))
      sendNothing(stream)
      return
    case 'RemoveManifest':
      await removeManifest(source.watchedPath(), request.name)
      sendNothing(stream)
  }
}

async function sendLog(
  request: Extract<ChannelRequest, { verb: 'GetLog' }>,
  stream: ServerHttp2Stream,
  source: KubeletChannelSource,
  clock: Clock,
): Promise<void> {
  const log = await source.logFile(request.target)
  if (stream.destroyed) return
  const gone = new AbortController()
  stream.on('close', () => gone.abort())
  stream.respond({ ':status': 200, 'content-type': 'text/plain; charset=utf-8' })
  const context = { clock, signal: gone.signal, onDidChange: (listener: () => void) => source.onDidChange(listener) }
  for await (const text of readLog(log, request.options, context)) {
    if (!stream.write(text)) await drained(stream, gone.signal)
  }
  stream.end()
}

async function drained(stream: ServerHttp2Stream, gone: AbortSignal): Promise<void> {
  if (gone.aborted) return
  await new Promise<void>((resolve) => {
    stream.once('drain', resolve)
    gone.addEventListener('abort', () => resolve(), { once: true })
  })
}

async function readBody(stream: ServerHttp2Stream): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    // What comes after the limit is read and dropped, so that the sender gets the answer.
    if (size <= MAX_MANIFEST_BYTES) chunks.push(bytes)
  }
  if (size > MAX_MANIFEST_BYTES)
    throw new LabError({
      kind: 'BadRequest',
      message: `the manifest is larger than ${MAX_MANIFEST_BYTES} bytes, more than a kubelet reads`,
    })
  return Buffer.concat(chunks)
}

function sendJson(stream: ServerHttp2Stream, value: unknown, status = 200): void {
  if (stream.destroyed) return
  stream.respond({ ':status': status, 'content-type': 'application/json' })
  stream.end(JSON.stringify(value))
}

function sendNothing(stream: ServerHttp2Stream): void {
  if (!stream.destroyed) stream.respond({ ':status': 204 }, { endStream: true })
}

const STATUS: Record<LabErrorKind, number> = {
  BadRequest: 400,
  Forbidden: 403,
  NotFound: 404,
  AlreadyExists: 409,
  Conflict: 409,
  Cancelled: 499,
  Internal: 500,
  NoEngine: 503,
  Unavailable: 503,
  Timeout: 504,
}
