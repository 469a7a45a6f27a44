/** The client of a forwarded port: one connection of this side joined to what a kubelet or a CRI streaming address stands for. */
import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import type { ClientOptions, RawData } from 'ws'
import { CHANNEL, dataChannel, encodeFrame, errorChannel, V5_PROTOCOL } from './channels.ts'

const PORT_BYTES = 2

/**
 * Joins `connection` to the first port of the address until both directions have ended; destroys it when the other side
 * cannot be reached or goes.
 * @param tls what a kubelet is shown and trusted by
 * @throws Error in the server's words
 */
export async function forwardPort(
  url: string,
  connection: Duplex,
  tls: Pick<ClientOptions, 'cert' | 'key' | 'ca' | 'rejectUnauthorized'> = {},
): Promise<void> {
  const webSocket = new WebSocket(url, [V5_PROTOCOL], { ...tls, perMessageDeflate: false })
  const done = Promise.withResolvers<void>()
  const announced = new Set<number>()
  webSocket.on('message', (message: RawData) => {
    const [channel = 0, content] = [(message as Buffer)[0], (message as Buffer).subarray(1)]
    if (channel === CHANNEL.close) {
      connection.end()
      done.resolve()
    } else if (!announced.has(channel) && content.length === PORT_BYTES) announced.add(channel)
    else if (channel === errorChannel(0)) done.reject(new Error(content.toString()))
    else if (channel === dataChannel(0) && !connection.write(content)) {
      webSocket.pause()
      connection.once('drain', () => webSocket.resume())
    }
  })
  webSocket.on('open', () => void sendInput(webSocket, connection).catch(done.reject))
  webSocket.on('error', done.reject)
  webSocket.on('close', () => done.reject(new Error('the stream ended before the connection')))
  connection.on('error', done.reject)
  connection.on('close', () => done.resolve())
  try {
    await done.promise
  } catch (error) {
    connection.destroy()
    throw error
  } finally {
    webSocket.terminate()
  }
}

async function sendInput(webSocket: WebSocket, connection: Duplex): Promise<void> {
  const send = (frame: Buffer): Promise<void> => new Promise((resolve) => webSocket.send(frame, () => resolve()))
  // Its own iteration would destroy a connection whose other direction is still open.
  for await (const chunk of connection.iterator({ destroyOnReturn: false }))
    await send(encodeFrame(dataChannel(0), chunk as Uint8Array))
  await send(Buffer.of(CHANNEL.close, dataChannel(0)))
}
