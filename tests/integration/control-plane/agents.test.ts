/** The sample agents on a real lab: each serves what its own node has, and nothing of another's. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isPodReady } from '../../../src-main/common/api/pod-helpers.ts'
import { ControlPlaneLab } from '../../support/control-plane-lab.ts'
import { RUN_FOREVER, shellManifest } from '../../support/manifests.ts'
import { AGENTS, readSample, waitForAgents } from '../../support/sample-agents.ts'
import { waitUntil } from '../../support/wait-until.ts'

const NODES = ['node01', 'node02']
const LINES = 30

const lab = new ControlPlaneLab('agents')

beforeAll(async () => {
  await lab.up('--nodes', '2')
  for (const node of NODES) {
    await lab.drop(
      'talker.json',
      shellManifest(
        'talker',
        `for i in $(seq ${LINES}); do echo "${node} line $i"; done; echo oops >&2; ${RUN_FOREVER}`,
      ),
      node,
    )
    for (const name of AGENTS) await lab.drop(`${name}.yaml`, await readSample(lab, name), node)
  }
})

afterAll(() => lab.dispose())

/** What an agent answers, by way of the API server. */
function ask(pod: string, port: number, path: string): Promise<string> {
  return lab.kubectlOk(['get', '--raw', `/api/v1/namespaces/kube-system/pods/${pod}:${port}/proxy${path}`])
}

/** Prometheus' text as a map. */
function readMetrics(text: string): Map<string, number> {
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  )
}

describe.each(NODES)('the agents of %s as static pods', (node) => {
  it('given pods that write, then the log collector serves their lines, and none of the other node', async () => {
    const collector = `log-collector-static-${node}`
    await lab.waitForPod(collector, 'ready', isPodReady)
    const series = `log_collector_lines_total{namespace="default",pod="talker-${node}",container="main",stream="stdout"}`
    const metrics = await waitUntil({ what: 'the lines', timeoutSeconds: 60, intervalMs: 500 }, async () => {
      const read = readMetrics(await ask(collector, 9180, '/metrics'))
      if (read.get(series) !== LINES) throw new Error(JSON.stringify([...read]))
      return read
    })
    expect(metrics.get(series.replace('stdout', 'stderr'))).toBe(1)
    const pods = new Set([...metrics.keys()].flatMap((key) => /pod="([^"]+)"/.exec(key)?.[1] ?? []))
    expect([...pods].toSorted()).toEqual([collector, `node-monitor-static-${node}`, `talker-${node}`].toSorted())
    const last = await ask(collector, 9180, `/pods/default/talker-${node}`)
    expect(last).toMatch(new RegExp(`stdout ${node} line ${LINES}\n`))
    expect(await ask(collector, 9180, '/')).toMatch(new RegExp(`^log-collector on ${node}: `))
  })

  it("given its node, then the monitor serves the kernel's and the node's figures", async () => {
    const monitor = `node-monitor-static-${node}`
    await lab.waitForPod(monitor, 'ready', isPodReady)
    const metrics = readMetrics(await ask(monitor, 9101, '/metrics'))
    expect(metrics.get('node_load1')).toBeGreaterThanOrEqual(0)
    expect(metrics.get('node_memory_MemTotal_bytes')).toBeGreaterThan(2 ** 28)
    expect(metrics.get('node_cpu_seconds_total{cpu="0",mode="user"}')).toBeGreaterThan(0)
    expect(metrics.get('node_monitor_pods_seen')).toBe(3)
    expect(metrics.get('node_network_up{device="eth0"}')).toBe(1)
    // Not of the kernel's, which is the same for all nodes: the node's own.
    const started = Number((await lab.onNodeOk(node, 'stat -c %Y /proc/1')).trim())
    expect(Math.abs((metrics.get('node_boot_time_seconds') ?? 0) - started)).toBeLessThan(60)
    expect(await ask(monitor, 9101, '/')).toMatch(new RegExp(`^node-monitor on ${node}\n`))
  })
})

it('given the log of a container that is crashed, then the lines of both runs are counted', async () => {
  await lab.ok('crash', 'talker-node01')
  await lab.waitForRunning('talker-node01', 1)
  const series = 'log_collector_lines_total{namespace="default",pod="talker-node01",container="main",stream="stdout"}'
  await waitUntil({ what: 'the lines of both runs', timeoutSeconds: 60, intervalMs: 500 }, async () => {
    const count = readMetrics(await ask('log-collector-static-node01', 9180, '/metrics')).get(series)
    if (count !== 2 * LINES) throw new Error(`${count}`)
    return true
  })
})

describe('the agents as DaemonSets', () => {
  it('given both manifests, when they are applied, then every worker has one of each, which serves its own node', async () => {
    for (const name of AGENTS)
      await lab.kubectlOk(['apply', '-f', '-'], { input: await readSample(lab, `${name}-daemonset`) })
    const pods = await waitForAgents(lab, NODES)
    for (const { metadata, spec } of pods.filter((pod) => pod.metadata.labels?.['app'] === 'log-collector')) {
      const node = spec.nodeName ?? ''
      const seen = await waitUntil({ what: 'the pods of the node', timeoutSeconds: 60, intervalMs: 500 }, async () => {
        const text = await ask(metadata.name ?? '', 9180, '/metrics')
        if (!text.includes(`pod="log-collector-static-${node}"`)) throw new Error(text)
        return text
      })
      expect(seen).not.toContain(`talker-${NODES.find((other) => other !== node) ?? ''}`)
    }
    for (const { metadata, spec } of pods.filter((pod) => pod.metadata.labels?.['app'] === 'node-monitor'))
      expect(await ask(metadata.name ?? '', 9100, '/')).toContain(`node-monitor on ${spec.nodeName ?? ''}`)
  })
})
