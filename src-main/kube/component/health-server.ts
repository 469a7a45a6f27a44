/** `/healthz`, `/livez`, `/readyz` and `/metrics` of a component, over HTTPS with a pair of its own (facts 9.5). */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import { formatMetrics, METRICS_CONTENT_TYPE, type MetricFamily } from '../../base/metric.ts'
import { makeSelfSignedPair } from '../../base/self-signed-pair.ts'

export interface HealthServerOptions {
  /** Component's name, for the certificate. */
  component: string
  address: string
  port: number
  /** Milliseconds since the epoch. */
  now: number
  /** Why it does not live, or cannot work; nothing when all is well. */
  liveness(): string | undefined
  readiness(): string | undefined
  metrics(): Iterable<MetricFamily>
}

/** @throws Error when the address is taken */
export async function serveHealth(options: HealthServerOptions): Promise<Disposable> {
  const server = createServer(await makePair(options), (request, response) => answer(options, request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.address, resolve)
  })
  return toDisposable(() => {
    server.close()
    server.closeAllConnections()
  })
}

async function makePair({ component, now }: HealthServerOptions): Promise<{ cert: Buffer; key: Buffer }> {
  const folder = await mkdtemp(join(tmpdir(), `${component}-`))
  const files = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') }
  try {
    const commonName = `${component}@${Math.floor(now / 1000)}`
    await makeSelfSignedPair(files, { commonName, names: ['localhost'] })
    return { cert: await readFile(files.cert), key: await readFile(files.key) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function answer(options: HealthServerOptions, { url = '' }: IncomingMessage, response: ServerResponse): void {
  const [path = ''] = url.split('?')
  switch (path) {
    case '/healthz':
    case '/livez':
      return say(response, options.liveness())
    case '/readyz':
      return say(response, options.readiness())
    case '/metrics':
      response.setHeader('Content-Type', METRICS_CONTENT_TYPE)
      response.end(formatMetrics(options.metrics()))
      return
    default:
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' })
      response.end('404 page not found\n')
  }
}

function say(response: ServerResponse, problem: string | undefined): void {
  response.writeHead(problem === undefined ? 200 : 500, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(problem === undefined ? 'ok' : `[-]${problem}\n`)
}
