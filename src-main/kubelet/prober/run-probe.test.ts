/** What a probe asks, and what it makes of the answers (facts 2.13.6 to 2.13.8). */
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import type { HTTPGetAction, Probe } from '../../common/api/core.ts'
import { SimulatedRuntime } from '../../container-runtime/simulated/simulated-runtime.ts'
import { aManifest, newTestKubelet } from '../testing/new-test-kubelet.ts'
import { runProbe } from './run-probe.ts'
import type { ProbeOutcome } from './run-probe.ts'

interface Asked {
  path: string | undefined
  headers: IncomingHttpHeaders
}

type Answer = (request: IncomingMessage, response: ServerResponse, passTime: () => void) => void

/** Asks a server that remembers what it was asked for and answers as `answer` wants. */
async function probe(
  httpGet: Partial<HTTPGetAction>,
  answer: Answer = (_request, response) => void response.end(),
): Promise<{ outcome: ProbeOutcome; asked: Asked[] }> {
  const asked: Asked[] = []
  const clock = new FakeClock()
  const server = createServer((request, response) => {
    asked.push({ path: request.url, headers: request.headers })
    answer(request, response, () => void clock.advance(1000))
  })
  try {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const target = {
      runtime: new SimulatedRuntime({ clock, images: [] }),
      clock,
      container: { name: 'c', image: 'busybox', ports: [{ name: 'web', containerPort: port }] },
      containerId: 'id',
      ip: '127.0.0.1',
    }
    return { outcome: await runProbe(target, { httpGet: { port, ...httpGet } }), asked }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const redirect =
  (location: string, status = 302): Answer =>
  (_request, response) =>
    void response.writeHead(status, { location }).end('moved')

describe('an httpGet probe', () => {
  it('given a path with blanks and letters of other alphabets, then they are escaped as Go does', async () => {
    const { outcome, asked } = await probe({ path: 'a b/상태?full=%20yes' })
    expect(outcome).toEqual({ kind: 'success' })
    expect(asked.map(({ path }) => path)).toEqual(['/a%20b/%EC%83%81%ED%83%9C?full=%20yes'])
  })

  it('given no headers, then it says who asks, takes everything and keeps no connection', async () => {
    const { asked } = await probe({})
    expect(asked[0]?.headers).toMatchObject({ 'user-agent': 'kube-probe/1.35', accept: '*/*', connection: 'close' })
  })

  it('given headers of its own, then they replace the defaults whatever their case, and one that is repeated comes twice', async () => {
    const { asked } = await probe({
      httpHeaders: [
        { name: 'user-agent', value: 'me' },
        { name: 'Accept', value: '' },
        { name: 'Host', value: 'shop.example' },
        { name: 'X-Note', value: 'one' },
        { name: 'x-note', value: '상태' },
      ],
    })
    const [{ headers } = { headers: {} as IncomingHttpHeaders }] = asked
    expect(headers).toMatchObject({ 'user-agent': 'me', host: 'shop.example' })
    expect(headers).not.toHaveProperty('accept')
    expect(Buffer.from(String(headers['x-note']), 'latin1').toString('utf8')).toBe('one, 상태')
  })

  it('given a header that cannot be sent, then the probe fails and says why', async () => {
    const { outcome, asked } = await probe({ httpHeaders: [{ name: 'X-Note', value: 'a\u0001' }] })
    expect(outcome).toEqual({ kind: 'failure', output: expect.stringContaining('X-Note') as string })
    expect(asked).toEqual([])
  })

  it('given a name of a port, then it is the port that the container declares by that name', async () => {
    expect((await probe({ port: 'web' })).outcome).toEqual({ kind: 'success' })
    expect((await probe({ port: 'db' })).outcome).toEqual({ kind: 'error', output: "couldn't find port: db" })
  })

  it.each([
    [200, 'success'],
    [399, 'warning'],
    [400, 'failure'],
    [503, 'failure'],
  ] as const)('given status %i, then it is a %s', async (status, kind) => {
    const { outcome } = await probe({}, (_request, response) => void response.writeHead(status).end())
    expect(outcome.kind).toBe(kind)
    if (outcome.kind === 'failure') expect(outcome.output).toBe(`HTTP probe failed with statuscode: ${status}`)
  })

  it('given a server that wants to speak another protocol, then the probe fails', async () => {
    const { outcome } = await probe(
      {},
      (_request, response) =>
        void response.socket?.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    )
    expect(outcome).toEqual({ kind: 'failure', output: 'HTTP probe failed with statuscode: 101' })
  })

  it('given a redirect within the host, then it is followed', async () => {
    const { outcome, asked } = await probe({ path: '/old' }, (request, response) => {
      if (request.url === '/old') redirect('/new?x=1')(request, response, () => undefined)
      else response.writeHead(500).end()
    })
    expect(asked.map(({ path }) => path)).toEqual(['/old', '/new?x=1'])
    expect(outcome).toEqual({ kind: 'failure', output: 'HTTP probe failed with statuscode: 500' })
  })

  it('given a redirect to another host, then it is not followed: a success with a warning', async () => {
    const { outcome, asked } = await probe({}, redirect('http://elsewhere.example/'))
    expect(asked).toHaveLength(1)
    expect(outcome).toEqual({ kind: 'warning', output: 'Probe terminated redirects, Response body: moved' })
  })

  it('given redirects without end, then the eleventh request is not made', async () => {
    const { outcome, asked } = await probe({}, redirect('/again'))
    expect(asked).toHaveLength(10)
    expect(outcome).toEqual({ kind: 'failure', output: 'Get "/again": stopped after 10 redirects' })
  })

  it('given a body without end, then 10 KiB of it are enough', async () => {
    const { outcome } = await probe({}, (_request, response) => {
      const more = (): void => void response.write('x'.repeat(4096), () => setImmediate(more))
      more()
    })
    expect(outcome).toEqual({ kind: 'success' })
  })

  it('given a server that never answers, then the probe fails when its time is over', async () => {
    const { outcome } = await probe({ path: '/slow' }, (_request, _response, passTime) => passTime())
    expect(outcome).toMatchObject({
      kind: 'failure',
      output: expect.stringMatching(
        /^Get "http:\/\/127.0.0.1:\d+\/slow": context deadline exceeded \(Client.Timeout exceeded while awaiting headers\)$/,
      ) as string,
    })
  })

  it('given a body that stops within, then the probe counts for nothing', async () => {
    const { outcome } = await probe({}, (_request, response, passTime) => {
      const afterTurns = (turns: number): void =>
        void setImmediate(() => (turns === 0 ? passTime() : afterTurns(turns - 1)))
      response.writeHead(200).write('begin', () => afterTurns(50))
    })
    expect(outcome).toEqual({
      kind: 'error',
      output: 'context deadline exceeded (Client.Timeout or context cancellation while reading body)',
    })
  })

  it('given HTTPS towards a server without TLS, then it fails in the words of Go', async () => {
    const { outcome } = await probe({ scheme: 'HTTPS' })
    expect(outcome).toMatchObject({
      kind: 'failure',
      output: expect.stringMatching(/": http: server gave HTTP response to HTTPS client$/) as string,
    })
  })

  it('given a host that is no host, then the probe counts for nothing', async () => {
    expect((await probe({ host: 'a b' })).outcome.kind).toBe('error')
  })
})

describe('a probe that cannot be carried out', () => {
  async function ask(probe: Probe, ip: string): Promise<ProbeOutcome> {
    const clock = new FakeClock()
    const runtime = new SimulatedRuntime({ clock, images: [] })
    return runProbe({ runtime, clock, container: { name: 'c', image: 'busybox' }, containerId: 'id', ip }, probe)
  }

  it('given a host that Node.js refuses, then it counts for nothing and says why', async () => {
    const outcome = await ask({ tcpSocket: { host: 'a\0b', port: 80 } }, '127.0.0.1')
    expect(outcome).toEqual({ kind: 'error', output: expect.stringContaining('null bytes') as string })
  })

  it('given a pod without an address, then the node itself is not asked in its place', async () => {
    const server = createServer((_request, response) => void response.end())
    await new Promise<void>((resolve) => server.listen(0, resolve))
    const { port } = server.address() as AddressInfo
    try {
      for (const probe of [{ tcpSocket: { port } }, { grpc: { port } }, { httpGet: { port } }])
        expect((await ask(probe, '')).kind).toBe('error')
    } finally {
      server.close()
    }
  })
})

describe('an exec probe', () => {
  it('given references in its command, then only values that the manifest writes out are filled in', async () => {
    await using node = await newTestKubelet()
    const env = [
      { name: 'FILE', value: '/ready' },
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ]
    const readinessProbe = { exec: { command: ['cat', '$(FILE)', '<$(POD)>', '$(NOPE)', '$$(FILE)'] } }
    await node.write(
      'web.json',
      aManifest('web', { containers: [{ name: 'c', image: 'busybox:1.36', env, readinessProbe }] }),
    )
    expect(node.runtime.callsOf('execSync')[0]?.args[1]).toEqual(['cat', '/ready', '<>', '$(NOPE)', '$(FILE)'])
  })
})
