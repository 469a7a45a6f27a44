/** The app in an ordinary browser: the built renderer over HTTP, the IPC contract over a WebSocket, on 127.0.0.1 and nowhere else (design §7, §8). */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import { BRIDGE_PATH, BRIDGE_PROTOCOL, BRIDGE_TOKEN_PARAMETER, MAXIMUM_FRAME_BYTES } from '../../common/ipc/frames.ts'
import { LabError } from '../../common/lab-error.ts'
import type { AppBackend } from '../app/app-backend.ts'
import { listStaticFiles, securityHeaders, type StaticFiles } from '../app/static-files.ts'
import { checkRequest, checkUpgrade, type Refusal } from './access-check.ts'
import { serveConnection } from './bridge-connection.ts'

const HOST = '127.0.0.1'
const DEFAULT_PORT = 7474
const TOKEN_BYTES = 32
const MAXIMUM_CONNECTIONS = 32

export interface ServeBrowserOptions {
  backend: AppBackend
  staticFolder: string
  /** Asked for by the user: taken, or an error. Absent: `DEFAULT_PORT`, or a free one when that is taken. */
  port?: number
}

export interface BrowserServer extends Disposable {
  /** With the token in its fragment: whoever has it may do what the user may. */
  url: string
  token: string
  port: number
}

/** @throws LabError Conflict when the port is taken, Unavailable when the app is not built */
export async function serveBrowser(options: ServeBrowserOptions): Promise<BrowserServer> {
  const files = await listStaticFiles(options.staticFolder)
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const server = createServer()
  const port = await listen(server, options.port)

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAXIMUM_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => BRIDGE_PROTOCOL,
  })
  const connections = new Set<Disposable>()

  server.on('request', (request, response) => void answer(request, response, files, port))
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // The other side may vanish at any time; there is nobody left to tell.
    socket.on('error', () => socket.destroy())
    const refusal = refuseUpgrade(request, port, token, connections.size)
    if (refusal !== undefined) return rejectUpgrade(socket, refusal)
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = serveConnection(webSocket, options.backend)
      connections.add(connection)
      webSocket.on('close', () => connections.delete(connection))
    })
  })

  const disposable = toDisposable(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const connection of connections) await connection.dispose()
    sockets.close()
    server.closeAllConnections()
    for (const client of sockets.clients) client.terminate()
    await closed
  })
  const url = `http://${HOST}:${port}/#${BRIDGE_TOKEN_PARAMETER}=${token}`
  return { url, token, port, dispose: () => disposable.dispose() }
}

/** Resolves with the port. */
async function listen(server: Server, wanted: number | undefined): Promise<number> {
  try {
    return await listenOn(server, wanted ?? DEFAULT_PORT)
  } catch (error) {
    if (wanted === undefined) return listenOn(server, 0)
    const cause = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new LabError(
      {
        kind: 'Conflict',
        message:
          cause === 'EADDRINUSE'
            ? `Port ${wanted} on ${HOST} is in use by another program.`
            : `Port ${wanted} on ${HOST} cannot be used (${cause}).`,
        remedy: 'Choose another one with --port, or leave --port out to get a free one.',
      },
      { cause: error },
    )
  }
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: HOST, port, exclusive: true }, () => {
      server.off('error', reject)
      // A server that listens on a TCP port has an AddressInfo.
      resolve((server.address() as AddressInfo).port)
    })
  })
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  files: StaticFiles,
  port: number,
): Promise<void> {
  const headers = securityHeaders([`ws://${HOST}:${port}`, `ws://localhost:${port}`])
  const finish = (statusCode: number, message: string, extra: Record<string, string> = {}): void => {
    response.writeHead(statusCode, { ...headers, 'Content-Type': 'text/plain; charset=utf-8', ...extra })
    response.end(request.method === 'HEAD' ? undefined : `${message}\n`)
  }
  const refusal = checkRequest(request.headers, port)
  if (refusal !== undefined) return finish(refusal.statusCode, refusal.message)
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return finish(405, 'Only GET and HEAD are answered here.', { Allow: 'GET, HEAD' })
  }
  const path = request.url?.split('?', 1)[0] ?? '/'
  const file = files.get(path)
  if (file === undefined) return finish(404, 'There is no such file.')
  try {
    const content = await file.read()
    response.writeHead(200, {
      ...headers,
      'Cache-Control': file.cacheControl,
      'Content-Type': file.contentType,
      'Content-Length': content.length,
    })
    response.end(request.method === 'HEAD' ? undefined : content)
  } catch (error) {
    finish(
      404,
      `The file has gone since the app was started: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function refuseUpgrade(
  request: IncomingMessage,
  port: number,
  token: string,
  connectionCount: number,
): { statusCode: number; message: string } | undefined {
  const refusal: Refusal | undefined = checkUpgrade(request.headers, port, token)
  if (refusal !== undefined) return refusal
  if (request.url !== BRIDGE_PATH) return { statusCode: 404, message: `The WebSocket is at ${BRIDGE_PATH}.` }
  if (connectionCount >= MAXIMUM_CONNECTIONS) {
    return { statusCode: 503, message: 'Too many windows are open on this server. Close some.' }
  }
  return undefined
}

function rejectUpgrade(socket: Duplex, refusal: { statusCode: number; message: string }): void {
  const body = `${refusal.message}\n`
  const lines = [
    `HTTP/1.1 ${refusal.statusCode} Refused`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
