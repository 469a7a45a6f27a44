/** What a node refuses, why, and how it is mended; and a probe of a gRPC server. On the real engine. */
import type { ChildProcess } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Pod } from '../../src-main/common/api/core.ts'
import type { TimelineEntry } from '../../src-main/common/lab/timeline-entry.ts'
import { RUN_FOREVER, shellManifest } from '../support/manifests.ts'
import { TestLab } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'

const lab = new TestLab('admission')
let server: ChildProcess | undefined

const BUSYBOX = { name: 'main', image: 'busybox:1.36', command: ['sh', '-c', RUN_FOREVER] }
const GRPC_PORT = 50_051

function selecting(labels: Record<string, string>): string {
  return shellManifest('selector', RUN_FOREVER, { nodeSelector: labels })
}

function asking(cpu: string): string {
  return shellManifest('greedy', RUN_FOREVER, { containers: [{ ...BUSYBOX, resources: { requests: { cpu } } }] })
}

/** In the node's network, with port `port` of it. */
function onPort(name: string, port: number): string {
  const containers = [{ ...BUSYBOX, ports: [{ containerPort: port }] }]
  return shellManifest(name, RUN_FOREVER, { hostNetwork: true, containers })
}

/** A gRPC health server in a line each, for the Node.js of the node: it says that it serves, whatever it is asked. */
const HEALTH_SERVER = `
const server = require('http2').createServer();
server.on('stream', (stream) => {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.from([0, 0, 0, 0, 2, 8, 1]));
});
server.listen(${GRPC_PORT});`

beforeAll(async () => {
  await lab.ok('up', '--nodes', '1')
  await lab.drop('selector.yaml', selecting({ disk: 'ssd' }))
  await lab.drop('greedy.yaml', asking('9999'))
  await lab.drop('first.yaml', onPort('first', 8080))
  await lab.waitForRunning('first-node01')
  await lab.drop('second.yaml', onPort('second', 8080))
  const readinessProbe = { grpc: { port: GRPC_PORT }, periodSeconds: 1 }
  await lab.drop(
    'asked.yaml',
    shellManifest('asked', RUN_FOREVER, { hostNetwork: true, containers: [{ ...BUSYBOX, readinessProbe }] }),
  )
})

afterAll(async () => {
  server?.kill()
  await lab.dispose()
})

describe('given pods that the node cannot take', () => {
  let pods: Pod[]
  let table: string
  let timeline: TimelineEntry[]

  beforeAll(async () => {
    pods = await waitUntil({ what: 'three pods to be refused', timeoutSeconds: 90, intervalMs: 500 }, async () => {
      const failed = (await lab.pods()).filter(({ status }) => status?.phase === 'Failed')
      return failed.length === 3 ? failed : undefined
    })
    ;[table, timeline] = await Promise.all([lab.ok('pods'), lab.timeline()])
  })

  it.each([
    ['selector', 'NodeAffinity', "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"],
    ['greedy', 'UnexpectedAdmissionError', 'no set of running pods found to reclaim resources: [(res: cpu, q: '],
    ['second', 'NodePorts', "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"],
  ])('when it is %s, then it is Failed for %s, and that is told', (name, reason, words) => {
    const status = pods.find(({ metadata }) => metadata.name === `${name}-node01`)?.status
    expect(status).toMatchObject({ reason, message: expect.stringContaining(words) as string })
    expect(status?.message).toMatch(/^Pod was rejected: /)
    expect(table).toMatch(new RegExp(`${name}-node01 .*0/1 +${reason}`))
    const event = timeline.find((entry) => entry.pod?.name === `${name}-node01` && entry.reason === reason)
    expect(event).toMatchObject({ type: 'Warning', subject: 'pod' })
  })

  it('when the engine is asked, then nothing was made of them', async () => {
    for (const { metadata } of pods)
      expect(await lab.containers('sandbox', `label=io.kubernetes.pod.name=${metadata.name ?? ''}`)).toEqual([])
  })

  it('when their manifests are mended, then they run', async () => {
    await lab.drop('selector.yaml', selecting({ 'kubernetes.io/hostname': 'node01', 'kubernetes.io/os': 'linux' }))
    await lab.drop('greedy.yaml', asking('10m'))
    await lab.drop('second.yaml', onPort('second', 8081))
    for (const name of ['selector', 'greedy', 'second']) await lab.waitForRunning(`${name}-node01`)
  })
})

describe('given a readiness probe by gRPC', () => {
  it('when nobody answers, then the pod is not ready, in words; when the server serves, then it is', async () => {
    const waiting = await lab.waitForRunning('asked-node01')
    expect(waiting.status?.containerStatuses?.[0]?.ready).toBe(false)
    const address = `${waiting.status?.hostIP ?? ''}:${GRPC_PORT}`
    const unhealthy = await waitUntil({ what: 'a failed probe', timeoutSeconds: 60, intervalMs: 500 }, async () =>
      (await lab.timeline()).find((entry) => entry.reason === 'Unhealthy'),
    )
    expect(unhealthy.message).toBe(
      `Readiness probe failed: timeout: failed to connect service "${address}" within 1s: context deadline exceeded`,
    )
    server = lab.start('shell', 'node01', '--', 'node', '-e', HEALTH_SERVER)
    await lab.waitForPod('asked-node01', 'ready', (pod) => pod.status?.containerStatuses?.[0]?.ready === true)
  })
})
