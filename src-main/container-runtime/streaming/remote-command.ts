/** The client of a stream server: runs what a CRI streaming address stands for, with this side's input and output. */
import { WebSocket } from 'ws'
import type { RawData } from 'ws'
import {
  CHANNEL,
  encodeFrame,
  encodeTerminalSize,
  readExitCode,
  V4_PROTOCOL,
  V5_PROTOCOL,
} from '../../kube/streaming/channels.ts'
import type { TerminalSize } from '../../kube/streaming/channels.ts'

export interface RemoteCommandStreams {
  /** Absent: nothing is sent, and standard input is not closed either. */
  stdin?: AsyncIterable<Uint8Array>
  stdout(data: Uint8Array): void
  stderr(data: Uint8Array): void
  /** Calls back with the size now and whenever it changes, until the signal is aborted. */
  watchSize?(onSize: (size: TerminalSize) => void, signal: AbortSignal): void
  /** Lets go of the command. */
  signal: AbortSignal
}

/** Resolves with the exit code; 0 for an attached container. @throws Error in the server's words */
export async function runRemoteCommand(url: string, streams: RemoteCommandStreams): Promise<number> {
  const webSocket = new WebSocket(url, [V5_PROTOCOL, V4_PROTOCOL], { perMessageDeflate: false })
  const ended = new AbortController()
  const done = Promise.withResolvers<number>()
  const onAbort = (): void => webSocket.terminate()
  streams.signal.addEventListener('abort', onAbort, { once: true })
  webSocket.on('message', (message: RawData) => {
    const [channel, content] = [(message as Buffer)[0], (message as Buffer).subarray(1)]
    if (channel === CHANNEL.stdout) streams.stdout(content)
    else if (channel === CHANNEL.stderr) streams.stderr(content)
    else if (channel === CHANNEL.error)
      try {
        done.resolve(readExitCode(content))
      } catch (error) {
        done.reject(error)
      }
  })
  webSocket.on('open', () => {
    const send = (frame: Buffer): Promise<void> => new Promise((resolve) => webSocket.send(frame, () => resolve()))
    streams.watchSize?.((size) => void send(encodeTerminalSize(size)), ended.signal)
    if (streams.stdin !== undefined) sendInput(streams.stdin, send).catch(done.reject)
  })
  webSocket.on('error', done.reject)
  webSocket.on('close', () => done.reject(new Error('the stream ended before the command')))
  try {
    return await done.promise
  } finally {
    ended.abort()
    streams.signal.removeEventListener('abort', onAbort)
    webSocket.terminate()
  }
}

/** The end of the input closes that of the command. Whoever reads it may wait for ever: nobody waits for this. */
async function sendInput(stdin: AsyncIterable<Uint8Array>, send: (frame: Buffer) => Promise<void>): Promise<void> {
  for await (const chunk of stdin) if (chunk.length > 0) await send(encodeFrame(CHANNEL.stdin, chunk))
  await send(Buffer.of(CHANNEL.close, CHANNEL.stdin))
}
