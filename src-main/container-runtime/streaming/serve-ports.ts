/**
 * Ports of a pod over one WebSocket, as upstream's kubelets number the channels: port `i` of the request has channel `2i` for
 * its bytes and `2i+1` for what went wrong, and each begins with a message that holds the port, two bytes, little end
 * first. `v5.channel.k8s.io` adds the message that closes one direction of a channel.
 */
import type { RawData, WebSocket } from 'ws'
import type { Logger } from '../../base/logger.ts'
import { CHANNEL, dataChannel, encodeFrame, errorChannel, V5_PROTOCOL } from '../../kube/streaming/channels.ts'
import type { PortConnection } from './remote-process.ts'

/** Channels are one byte, and the last of them closes others. */
export const MAX_PORTS = 64

/** The first message of both channels of a port. */
function encodePort(port: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(port)
  return bytes
}

/** Resolves when all connections have ended, or the other side has gone; lets go of the connections either way. */
export async function servePorts(
  webSocket: WebSocket,
  ports: readonly number[],
  dial: (port: number) => Promise<PortConnection>,
  logger: Logger,
): Promise<void> {
  const connections = ports.map((port) => dial(port))
  for (const connection of connections) connection.catch(() => undefined) // told by `pump`, also when nothing was sent to it
  const release = (): void => {
    for (const connection of connections)
      connection.then(
        (open) => open.dispose(),
        () => undefined,
      )
  }
  // Messages are taken from the first moment on, one at a time, and wait for their connection.
  let turn: Promise<void> = Promise.resolve()
  webSocket.on('message', (message: RawData) => {
    webSocket.pause()
    turn = turn
      .then(() => takeMessage(message as Buffer, connections))
      .catch((error: unknown) => logger.warn('what was sent to a port was lost', { error }))
      .finally(() => webSocket.resume())
  })
  webSocket.on('error', (error) => logger.warn('a stream broke', { error }))
  webSocket.on('close', release)
  await Promise.all(connections.map((connection, index) => pump(webSocket, index, ports[index] ?? 0, connection)))
  release()
  if (webSocket.readyState === webSocket.OPEN) webSocket.close(1000)
}

async function takeMessage(message: Buffer, connections: Promise<PortConnection>[]): Promise<void> {
  const [channel = 0, argument] = message
  const isClosing = channel === CHANNEL.close
  const index = (isClosing ? (argument ?? 1) : channel) / 2
  // Halves are error channels, on which clients have nothing to say.
  const connection = await connections[index]
  if (isClosing) connection?.endSending()
  else if (message.length > 1) await connection?.send(message.subarray(1))
}

/** Everything that comes from one port, and the end of it. */
async function pump(
  webSocket: WebSocket,
  index: number,
  port: number,
  connecting: Promise<PortConnection>,
): Promise<void> {
  const send = (channel: number, content: Uint8Array | string): Promise<void> =>
    new Promise((resolve) => webSocket.send(encodeFrame(channel, content), () => resolve()))
  await send(dataChannel(index), encodePort(port))
  await send(errorChannel(index), encodePort(port))
  try {
    for await (const data of (await connecting).received) await send(dataChannel(index), data)
  } catch (error) {
    await send(errorChannel(index), error instanceof Error ? error.message : String(error))
  }
  if (webSocket.protocol === V5_PROTOCOL) await send(CHANNEL.close, Buffer.of(dataChannel(index)))
}
