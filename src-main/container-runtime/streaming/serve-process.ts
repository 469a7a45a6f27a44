/** One process over one WebSocket, in both directions and at the pace of the slower side. */
import type { RawData, WebSocket } from 'ws'
import type { Logger } from '../../base/logger.ts'
import {
  CHANNEL,
  encodeFrame,
  exitStatus,
  failureStatus,
  parseTerminalSize,
  V5_PROTOCOL,
} from '../../kube/streaming/channels.ts'
import type { CommandStatus } from '../../kube/streaming/channels.ts'
import type { RemoteProcess } from './remote-process.ts'

/** Resolves when the process' output has ended or the other side has gone. */
export async function serveProcess(
  webSocket: WebSocket,
  open: () => Promise<RemoteProcess>,
  logger: Logger,
): Promise<void> {
  const opened = Promise.withResolvers<RemoteProcess>()
  opened.promise.catch(() => undefined) // told below, also when nothing was ever written to it
  // Messages are taken from the first moment on and wait for the process.
  let turn: Promise<void> = Promise.resolve()
  webSocket.on('message', (message: RawData) => {
    webSocket.pause()
    turn = turn
      .then(async () => takeMessage(await opened.promise, message as Buffer, webSocket.protocol))
      .catch((error: unknown) => logger.warn('input of a stream was lost', { error }))
      .finally(() => webSocket.resume())
  })
  webSocket.on('error', (error) => logger.warn('a stream broke', { error }))
  webSocket.on(
    'close',
    () =>
      void opened.promise.then(
        (process) => process.dispose(),
        () => undefined,
      ),
  )
  const status = await run(webSocket, open, opened)
  if (webSocket.readyState !== webSocket.OPEN) return
  await send(webSocket, CHANNEL.error, JSON.stringify(status))
  webSocket.close(1000)
}

async function run(
  webSocket: WebSocket,
  open: () => Promise<RemoteProcess>,
  opened: PromiseWithResolvers<RemoteProcess>,
): Promise<CommandStatus> {
  try {
    const process = await open()
    opened.resolve(process)
    // Closed meanwhile: nobody will hear of 'close' again.
    if (webSocket.readyState !== webSocket.OPEN) await process.dispose()
    // Clients wait for a first message to know that the stream is there.
    await send(webSocket, CHANNEL.stdout, '')
    for await (const { stream, data } of process.output) await send(webSocket, CHANNEL[stream], data)
    return exitStatus(await process.exitCode())
  } catch (error) {
    opened.reject(error)
    return failureStatus(error instanceof Error ? error.message : String(error))
  }
}

async function takeMessage(process: RemoteProcess, message: Buffer, protocol: string): Promise<void> {
  const content = message.subarray(1)
  switch (message[0]) {
    case CHANNEL.stdin:
      if (content.length > 0) await process.write(content)
      return
    case CHANNEL.resize: {
      const size = parseTerminalSize(content)
      if (size !== undefined) await process.resize(size)
      return
    }
    case CHANNEL.close:
      if (protocol === V5_PROTOCOL && content[0] === CHANNEL.stdin) process.closeStdin()
      return
    default:
      return
  }
}

/** Resolves when it has left; a socket that has gone takes everything. */
function send(webSocket: WebSocket, channel: number, content: Uint8Array | string): Promise<void> {
  return new Promise((resolve) => webSocket.send(encodeFrame(channel, content), () => resolve()))
}
