/** Something that answers as a kubelet does, over TLS with client certificates, and tells what it was asked. */
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { WebSocketServer } from 'ws'
import { silentLogger } from '../../src-main/base/logger.ts'
import type { PortConnection } from '../../src-main/container-runtime/streaming/remote-process.ts'
import { servePorts } from '../../src-main/container-runtime/streaming/serve-ports.ts'
import { V5_PROTOCOL } from '../../src-main/kube/streaming/channels.ts'
import { issueCertificate, type KeyPair } from '../../src-main/lab/pki/certificate.ts'

export interface KubeletStandIn extends AsyncDisposable {
  readonly port: number
  /** Requests so far; `user` is the CN of the client's certificate. */
  readonly seen: { url: string; headers: Record<string, unknown>; user: string }[]
}

/** Logs say hello, streams echo, other paths tell themselves; the metrics grow by half a core-second each second. */
export async function newKubeletStandIn(authority: KeyPair): Promise<KubeletStandIn> {
  const serving = await issueCertificate(authority, {
    subject: { commonName: 'node01' },
    usages: ['server'],
    addresses: ['127.0.0.1'],
    now: Date.now(),
  })
  const server = createServer({
    cert: serving.certificate,
    key: serving.key,
    ca: authority.certificate,
    requestCert: true,
    rejectUnauthorized: true,
  })
  const seen: KubeletStandIn['seen'] = []
  const note = (request: IncomingMessage): void => {
    const user = String((request.socket as TLSSocket).getPeerCertificate().subject.CN)
    seen.push({ url: request.url ?? '', headers: request.headers, user })
  }
  server.on('request', (request, response) => {
    note(request)
    const { url = '' } = request
    if (url === '/metrics/resource') response.end(formatMetrics(Date.now()))
    else if (url === '/unasked-upgrade')
      response.socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
    else if (!url.startsWith('/containerLogs/')) response.end(`proxied ${url}`)
    else if (!url.includes('previous')) response.end('hello\n')
    else response.writeHead(400).end('previous terminated container "c" in pod "web" not found')
  })
  const upgraded = new Set<{ destroy(): void }>()
  const ports = new WebSocketServer({ noServer: true, handleProtocols: () => V5_PROTOCOL })
  server.on('upgrade', (request, socket, head) => {
    note(request)
    upgraded.add(socket)
    const port = /^\/portForward\/.*\?port=(\d+)$/.exec(request.url ?? '')?.[1]
    if (port !== undefined) {
      ports.handleUpgrade(request, socket, head, (webSocket) => {
        void servePorts(webSocket, [Number(port)], dialPort, silentLogger)
      })
      return
    }
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    socket.on('data', (chunk: Buffer) => socket.write(`echo:${chunk.toString()}`))
    socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      for (const socket of upgraded) socket.destroy()
      await closed
    },
  }
}

/** Port 80 answers each message in capitals and ends when its client does; nobody listens on others. */
function dialPort(port: number): Promise<PortConnection> {
  if (port !== 80) return Promise.reject(new Error(`dial tcp4 127.0.0.1:${port}: connect: connection refused`))
  const answers = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => controller.enqueue(Buffer.from(Buffer.from(chunk).toString().toUpperCase())),
  })
  const writer = answers.writable.getWriter()
  return Promise.resolve({
    received: answers.readable,
    send: (data) => writer.write(data),
    endSending: () => void writer.close().catch(() => undefined),
    dispose: () => void writer.abort().catch(() => undefined),
  })
}

function formatMetrics(nowMs: number): string {
  const container = '{container="c",namespace="default",pod="web"}'
  const coreSeconds = (nowMs % 1e9) / 2000
  return [
    '# TYPE node_cpu_usage_seconds_total counter',
    `node_cpu_usage_seconds_total ${coreSeconds} ${nowMs}`,
    `node_memory_working_set_bytes 1.048576e+08 ${nowMs}`,
    `container_cpu_usage_seconds_total${container} ${coreSeconds} ${nowMs}`,
    `container_memory_working_set_bytes${container} 2097152 ${nowMs}`,
    `pod_cpu_usage_seconds_total{namespace="default",pod="web"} ${coreSeconds} ${nowMs}`,
    'resource_scrape_error 0',
  ].join('\n')
}
