/**
 * `kubectl port-forward` speaks SPDY inside of a WebSocket. Our kubelets speak WebSocket alone, so the tunnel ends here, and each
 * forwarded connection becomes one of the kubelet's (client-go/tools/portforward; facts 8.7.3).
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { forwardPort } from '../../../kube/streaming/forward-port.ts'
import type { UpgradeTarget } from '../connections/forward-upgrade.ts'
import { SpdySession, type SpdyStream } from './spdy-session.ts'

const TUNNEL_PROTOCOL = 'SPDY/3.1+portforward.k8s.io'
/** A message is a frame, of which nobody sends larger ones. */
const MAX_MESSAGE_BYTES = 2 * 1024 * 1024
const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES })
server.on('headers', (lines) => void lines.push(`Sec-WebSocket-Protocol: ${TUNNEL_PROTOCOL}`))

export function isTunnel({ headers }: IncomingMessage): boolean {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim())
  return headers.upgrade?.toLowerCase() === 'websocket' && offered.includes(TUNNEL_PROTOCOL)
}

/** Takes the connection over; the tunnel lives as long as it. */
export function openTunnel(target: UpgradeTarget, incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
  // The protocol's name has a `/` in it, which the library refuses; it is agreed upon beside it.
  delete incoming.headers['sec-websocket-protocol']
  server.handleUpgrade(incoming, socket, head, (webSocket) => runTunnel(target, webSocket))
}

function runTunnel(target: UpgradeTarget, webSocket: WebSocket): void {
  const pairing = new StreamPairs((port, data, error) => void forward(target, port, data, error))
  const session = new SpdySession(
    {
      send: (bytes) => new Promise((resolve) => webSocket.send(bytes, () => resolve())),
      pause: () => webSocket.pause(),
      resume: () => webSocket.resume(),
      close: () => webSocket.close(),
    },
    (stream) => pairing.add(stream),
  )
  webSocket.on('message', (message: RawData) => session.receive(message as Buffer))
  webSocket.on('error', () => webSocket.terminate())
  webSocket.on('close', () => session.dispose())
}

/** For each connection the client opens two streams, one of them for what goes wrong. */
class StreamPairs {
  readonly #errors = new Map<string, Duplex>()
  readonly #onPair: (port: string, data: Duplex, error: Duplex) => void

  constructor(onPair: (port: string, data: Duplex, error: Duplex) => void) {
    this.#onPair = onPair
  }

  /** The stream for errors comes first. One that is neither is ended. */
  add({ headers, connection }: SpdyStream): void {
    const id = headers.get('requestid') ?? ''
    const port = headers.get('port') ?? ''
    connection.on('error', () => connection.destroy())
    const error = this.#errors.get(id)
    switch (headers.get('streamtype')) {
      case 'error':
        connection.resume()
        this.#errors.set(id, connection)
        connection.once('close', () => this.#errors.delete(id))
        return
      case 'data':
        if (error === undefined) connection.destroy()
        else this.#onPair(port, connection, error)
        return
      default:
        connection.destroy()
    }
  }
}

async function forward({ endpoint, path }: UpgradeTarget, port: string, data: Duplex, error: Duplex): Promise<void> {
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host
  const url = `wss://${host}:${endpoint.port}${path}?port=${encodeURIComponent(port)}`
  try {
    await forwardPort(url, data, endpoint.tls)
    error.end()
  } catch (failure) {
    error.end(failure instanceof Error ? failure.message : String(failure))
  }
}
