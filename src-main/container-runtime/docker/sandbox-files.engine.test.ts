/** What pods of a node find in their `resolv.conf`, on the real engine. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DNSConfig, NamespaceOptions } from '../cri.ts'
import { EngineNode } from '../testing/engine-node.ts'
import { newPod, shell } from '../testing/engine-pods.ts'

let node: EngineNode
beforeAll(async () => {
  node = await EngineNode.start()
})
afterAll(() => node.dispose())

const ENGINE_DNS: DNSConfig = { servers: ['127.0.0.11'], searches: ['lab.example'], options: ['ndots:0'] }
const LINES = 'search lab.example\nnameserver 127.0.0.11\noptions ndots:0\n'

/** A pod with these settings, and what a command in its container says. */
async function podSaying(
  command: string,
  dnsConfig: DNSConfig,
  namespaces: Partial<NamespaceOptions> = {},
): Promise<{ sandboxId: string; said: string; folder: string }> {
  const { runtime } = node.cri
  const pod = { ...newPod(namespaces), dnsConfig }
  if (namespaces.network === 'NODE') pod.hostname = ''
  const sandboxId = await runtime.runPodSandbox(pod)
  const containerId = await runtime.createContainer(sandboxId, shell('sleep 1000'), pod)
  await runtime.startContainer(containerId)
  const { stdout } = await runtime.execSync(containerId, ['sh', '-c', command], 30)
  const folder = join(node.nodeRoot, 'var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes', sandboxId)
  return { sandboxId, said: Buffer.from(stdout).toString(), folder }
}

it('given the settings of a node that asks the engine, then a pod of the lab’s network asks it as well and is answered', async () => {
  const lookUp = `cat /etc/resolv.conf; nslookup ${node.service.nodeContainer} | grep -c 'Address.*[0-9]$'`
  const { sandboxId, said, folder } = await podSaying(lookUp, ENGINE_DNS)
  expect(said.startsWith(LINES)).toBe(true)
  expect(Number(said.slice(LINES.length))).toBeGreaterThan(0)
  await node.cri.runtime.removePodSandbox(sandboxId)
  await expect.poll(() => stat(folder).catch((error: NodeJS.ErrnoException) => error.code)).toBe('ENOENT')
})

it('given a pod in the node’s network, then it has settings of its own there too', async () => {
  const { sandboxId, said } = await podSaying('cat /etc/resolv.conf', ENGINE_DNS, { network: 'NODE' })
  expect(said).toBe(LINES)
  await node.cri.runtime.removePodSandbox(sandboxId)
})

it('given a sandbox that was removed behind a killed service’s back, when the next one starts, then its file goes too', async () => {
  const { sandboxId, folder } = await podSaying('true', ENGINE_DNS)
  await node.killService('SIGKILL')
  expect((await stat(folder)).isDirectory()).toBe(true)
  await node.engine.text(`/containers/${sandboxId}`, { method: 'DELETE', query: { force: true } })
  await node.startService()
  await expect.poll(() => stat(folder).catch((error: NodeJS.ErrnoException) => error.code)).toBe('ENOENT')
})
