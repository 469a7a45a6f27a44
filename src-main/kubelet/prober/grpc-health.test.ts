/** A health check against real gRPC servers, and against what is none. */
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import { createServer } from 'node:net'
import type { AddressInfo, Server as NetServer } from 'node:net'
import { Server, ServerCredentials, status } from '@grpc/grpc-js'
import type { ServiceError } from '@grpc/grpc-js'
import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { FakeClock, settle } from '../../base/testing/fake-clock.ts'
import { SimulatedRuntime } from '../../container-runtime/simulated/simulated-runtime.ts'
import { runProbe } from './run-probe.ts'
import type { ProbeOutcome } from './run-probe.ts'

const { root } = protobuf.parse(`
  syntax = "proto3";
  package grpc.health.v1;
  message HealthCheckRequest { string service = 1; }
  message HealthCheckResponse {
    enum ServingStatus { UNKNOWN = 0; SERVING = 1; NOT_SERVING = 2; SERVICE_UNKNOWN = 3; }
    ServingStatus status = 1;
    string note = 15;
  }
`)
const Request = root.lookupType('grpc.health.v1.HealthCheckRequest')
const Response = root.lookupType('grpc.health.v1.HealthCheckResponse')

type Answer = { status: number; note?: string } | Partial<ServiceError> | 'never'

interface Running extends AsyncDisposable {
  port: number
  /** Services that were asked for. */
  asked: string[]
  /** Resolves at the first question. */
  wasAsked: Promise<void>
}

/** A health service that knows these services, the server as a whole by the empty name. */
async function aHealthServer(
  answers: Record<string, Answer>,
  methodPath = 'grpc.health.v1.Health',
  wantedPort = 0,
): Promise<Running> {
  const server = new Server()
  const asked: string[] = []
  const first = Promise.withResolvers<undefined>()
  const serialize = (value: object): Buffer => Buffer.from(Response.encode(Response.create(value)).finish())
  const deserialize = (bytes: Buffer): object => Request.toObject(Request.decode(bytes), { defaults: true })
  server.addService(
    {
      check: {
        path: `/${methodPath}/Check`,
        requestStream: false,
        responseStream: false,
        requestSerialize: serialize,
        requestDeserialize: deserialize,
        responseSerialize: serialize,
        responseDeserialize: deserialize,
      },
    },
    {
      check: (
        call: { request: { service: string } },
        done: (error: Partial<ServiceError> | null, value?: object) => void,
      ) => {
        asked.push(call.request.service)
        first.resolve(undefined)
        const answer = answers[call.request.service] ?? { code: status.NOT_FOUND, details: 'unknown service' }
        if (answer === 'never') return
        if ('status' in answer) done(null, answer)
        else done(answer)
      },
    },
  )
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${wantedPort}`, ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    )
  })
  return {
    port,
    asked,
    wasAsked: first.promise,
    async [Symbol.asyncDispose]() {
      server.forceShutdown()
      await Promise.resolve()
    },
  }
}

const clock = new FakeClock()

function probe(port: number, service?: string, timeoutSeconds = 1): Promise<ProbeOutcome> {
  const target = {
    runtime: new SimulatedRuntime({ clock, images: [] }),
    clock,
    container: { name: 'c', image: 'busybox' },
    containerId: 'id',
    ip: '127.0.0.1',
  }
  return runProbe(target, { grpc: { port, ...(service === undefined ? {} : { service }) }, timeoutSeconds })
}

async function listening(server: NetServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const failed = (output: string): ProbeOutcome => ({ kind: 'failure', output })

describe('a gRPC probe of a health server', () => {
  it('given it serves, as a whole and one service, then both succeed, and it heard their names', async () => {
    await using server = await aHealthServer({ '': { status: 1 }, 'shop.준비': { status: 1, note: 'x'.repeat(300) } })
    expect(await probe(server.port)).toEqual({ kind: 'success' })
    expect(await probe(server.port, 'shop.준비')).toEqual({ kind: 'success' })
    expect(server.asked).toEqual(['', 'shop.준비'])
  })

  it.each<[string, Answer, string]>([
    ['it does not serve', { status: 2 }, 'service unhealthy (responded with "NOT_SERVING")'],
    ['it does not know', { status: 0 }, 'service unhealthy (responded with "UNKNOWN")'],
    [
      'it has an error',
      { code: status.UNAVAILABLE, details: 'database is 100% away: 없음' },
      'error: health rpc probe failed: rpc error: code = Unavailable desc = database is 100% away: 없음',
    ],
  ])('given %s, then that is what is told', async (_what, answer, words) => {
    await using server = await aHealthServer({ '': answer })
    expect(await probe(server.port)).toEqual(failed(words))
  })

  it('given a service that it does not have, then the status of the call is told', async () => {
    await using server = await aHealthServer({ '': { status: 1 } })
    expect(await probe(server.port, 'other')).toEqual(
      failed('error: health rpc probe failed: rpc error: code = NotFound desc = unknown service'),
    )
  })

  it('given a server without health service, then it is told that it has none', async () => {
    await using server = await aHealthServer({}, 'shop.v1.Orders')
    const { output } = (await probe(server.port)) as { output: string }
    expect(output).toContain('error: this server does not implement the grpc health protocol (grpc.health.v1.Health): ')
  })

  it('given it does not answer, then the time runs out', async () => {
    await using server = await aHealthServer({ '': 'never' })
    const outcome = probe(server.port)
    await server.wasAsked
    await clock.advance(1000)
    expect(await outcome).toEqual(failed('timeout: health rpc did not complete within 1s'))
  })
})

describe('a gRPC probe of something else', () => {
  it('given nobody listens, then it tries until the time is over, in the words of one that waits', async () => {
    const server = createServer()
    const port = await listening(server)
    await new Promise((resolve) => server.close(resolve))
    const outcome = probe(port, undefined, 90)
    await settle()
    await clock.advance(90_000)
    expect(await outcome).toEqual(
      failed(`timeout: failed to connect service "127.0.0.1:${port}" within 1m30s: context deadline exceeded`),
    )
  })

  it('given a server that comes up within the time, then the next attempt reaches it', async () => {
    const early = createServer()
    const port = await listening(early)
    await new Promise((resolve) => early.close(resolve))
    const before = clock.pendingTimers
    const outcome = probe(port, undefined, 5)
    await expect.poll(() => clock.pendingTimers).toBe(before + 2)
    await using server = await aHealthServer({ '': { status: 1 } }, undefined, port)
    await clock.advance(1000)
    expect(await outcome).toEqual({ kind: 'success' })
    expect(server.asked).toEqual([''])
  })

  it('given a server of HTTP/1, then it never counts as connected', async () => {
    const server = createHttpServer()
    const port = await listening(server)
    const outcome = probe(port)
    await settle()
    await clock.advance(1000)
    expect(await outcome).toEqual(
      failed(`timeout: failed to connect service "127.0.0.1:${port}" within 1s: context deadline exceeded`),
    )
    server.close()
  })

  it('given a web server of HTTP/2, then its answer is no health', async () => {
    const server = createHttp2Server((_request, response) => {
      response.writeHead(404, { 'content-type': 'text/html' })
      response.end('<p>')
    })
    const port = await listening(server as unknown as NetServer)
    expect(await probe(port)).toEqual(
      failed(
        'error: this server does not implement the grpc health protocol (grpc.health.v1.Health): ' +
          'unexpected HTTP status code received from server: 404 (Not Found); transport: received unexpected content-type "text/html"',
      ),
    )
    server.close()
  })

  it('given a server that closes the connection in the middle, then it is unavailable', async () => {
    const server = createHttp2Server()
    server.on('stream', (stream) => stream.session?.destroy())
    const port = await listening(server as unknown as NetServer)
    expect(await probe(port)).toEqual(
      failed('error: health rpc probe failed: rpc error: code = Unavailable desc = error reading from server: EOF'),
    )
    server.close()
  })
})
