/** Volumes in memory on the real engine. */
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LAB_LABEL, ROLE_LABEL } from '../../common/engine-labels.ts'
import { encodeMemoryVolumes, MEMORY_VOLUMES_ANNOTATION } from '../memory-volumes.ts'
import type { MemoryVolume } from '../memory-volumes.ts'
import { aContainerConfig } from '../testing/configs.ts'
import { EngineNode } from '../testing/engine-node.ts'
import { exited, mount, newPod, reconnected, shell } from '../testing/engine-pods.ts'
import type { ContainerConfig, PodSandboxConfig } from '../cri.ts'

const PATH = '/data/memory'
let node: EngineNode

beforeAll(async () => {
  node = await EngineNode.start()
  await mkdir(join(node.nodeRoot, PATH), { recursive: true })
})
afterAll(() => node.dispose())

function withMemory(volume: Partial<MemoryVolume> = {}): PodSandboxConfig {
  const pod = newPod()
  pod.annotations[MEMORY_VOLUMES_ANNOTATION] = encodeMemoryVolumes([{ path: PATH, ...volume }])
  return pod
}

async function start(pod: PodSandboxConfig, sandboxId: string, config: ContainerConfig): Promise<string> {
  const id = await node.cri.runtime.createContainer(sandboxId, config, pod)
  await node.cri.runtime.startContainer(id)
  return id
}

async function say(containerId: string, script: string): Promise<string> {
  const { stdout, stderr } = await node.cri.runtime.execSync(containerId, ['sh', '-c', script], 20)
  return `${Buffer.from(stdout).toString()}${Buffer.from(stderr).toString()}`.trim()
}

async function memoryVolumes(): Promise<string[]> {
  const label = [`${LAB_LABEL}=${node.service.lab}`, `${ROLE_LABEL}=memory-volume`]
  const { Volumes } = await node.engine.json<{ Volumes: { Name: string }[] | null }>('/volumes', {
    query: { filters: JSON.stringify({ label }) },
  })
  return (Volumes ?? []).map(({ Name }) => Name)
}

describe('given a pod with a volume in memory', () => {
  it('when its containers come and go, then what they wrote stays, is shared, and is nowhere on the disk of the node', async () => {
    const { runtime } = node.cri
    const pod = withMemory({ sizeBytes: 1_048_576 })
    const sandboxId = await runtime.runPodSandbox(pod)
    const first = await start(pod, sandboxId, shell('echo kept > /mnt/x/file', mount(PATH)))
    expect(await exited(node, first)).toMatchObject({ exitCode: 0 })
    await runtime.removeContainer(first)
    const second = await start(pod, sandboxId, shell('sleep 1000', { attempt: 1, ...mount(PATH) }))
    const other = await start(pod, sandboxId, aContainerConfig({ name: 'other', ...mount(PATH) }))
    expect(await say(second, 'cat /mnt/x/file; echo more > /mnt/x/more; stat -c %a /mnt/x')).toBe('kept\n1777')
    expect(await say(other, 'cat /mnt/x/more; grep -c " /mnt/x tmpfs .*nosuid,nodev" /proc/mounts')).toBe('more\n1')
    expect(await say(other, 'dd if=/dev/zero of=/mnt/x/big bs=2000000 count=1')).toContain('No space left on device')
    expect(await readdir(join(node.nodeRoot, PATH))).toEqual([])
    expect(await memoryVolumes()).toHaveLength(1)
    await runtime.removePodSandbox(sandboxId)
    expect(await memoryVolumes()).toEqual([])
  })

  it('when a part of it is mounted, then that folder is made, also for a user without rights, and links do not lead out', async () => {
    const { runtime } = node.cri
    const pod = withMemory({ groupId: 2000 })
    const sandboxId = await runtime.runPodSandbox(pod)
    const base = aContainerConfig()
    const asNobody = { ...base.linux.securityContext, runAsUser: 1234n }
    const part = await start(
      pod,
      sandboxId,
      shell('touch /mnt/x/mine && sleep 1000', {
        ...mount(`${PATH}/a/b`),
        linux: { ...base.linux, securityContext: asNobody },
      }),
    )
    const whole = await start(pod, sandboxId, aContainerConfig({ name: 'whole', ...mount(PATH) }))
    await expect.poll(() => say(whole, 'ls /mnt/x/a/b'), { timeout: 20_000 }).toBe('mine')
    expect(await say(whole, 'stat -c "%a %u %g" /mnt/x/a /mnt/x/a/b; mkdir -m 0755 /mnt/x/ours')).toBe(
      '2777 0 2000\n2777 0 2000',
    )
    await start(pod, sandboxId, aContainerConfig({ name: 'below', ...mount(`${PATH}/ours/below`) }))
    expect(await say(whole, 'stat -c "%a %g" /mnt/x; ln -s / /mnt/x/out')).toBe('3777 2000')
    const leaving = aContainerConfig({ name: 'leaving', ...mount(`${PATH}/out/proc`) })
    await expect(start(pod, sandboxId, leaving)).rejects.toMatchObject({ code: 'Unknown' })
    await runtime.stopContainer(part, 0)
    await runtime.removePodSandbox(sandboxId)
  })

  it('when the service is killed, then another goes on with the same memory, and removes what is left without a pod', async () => {
    const { runtime } = node.cri
    const pod = withMemory()
    const sandboxId = await runtime.runPodSandbox(pod)
    const first = await start(pod, sandboxId, shell('echo kept > /mnt/x/file; sleep 1000', mount(PATH)))
    await expect.poll(() => say(first, 'cat /mnt/x/file'), { timeout: 20_000 }).toBe('kept')
    await node.killService('SIGKILL')
    await node.startService()
    await reconnected(node)
    const second = await start(pod, sandboxId, aContainerConfig({ name: 'second', ...mount(PATH) }))
    expect(await say(second, 'cat /mnt/x/file')).toBe('kept')
    await node.killService('SIGKILL')
    for (const { Id, Labels } of await node.containers())
      if (Labels[ROLE_LABEL] !== 'node') await node.engine.text(`/containers/${Id}?force=1`, { method: 'DELETE' })
    expect(await memoryVolumes()).toHaveLength(1)
    await node.startService()
    await reconnected(node)
    expect(await memoryVolumes()).toEqual([])
  })

  it('when its sandbox is removed behind the back of the service, then its containers and the memory go too', async () => {
    const pod = withMemory()
    const sandboxId = await node.cri.runtime.runPodSandbox(pod)
    await start(pod, sandboxId, aContainerConfig(mount(PATH)))
    expect(await memoryVolumes()).toHaveLength(1)
    await node.engine.text(`/containers/${sandboxId}?force=1`, { method: 'DELETE' })
    await expect.poll(memoryVolumes, { timeout: 20_000 }).toEqual([])
  })

  it('when it is asked for badly, then nothing is made', async () => {
    const pod = newPod()
    pod.annotations[MEMORY_VOLUMES_ANNOTATION] = '[{"path":"/etc","sizeBytes":"1,bind"}]'
    await expect(node.cri.runtime.runPodSandbox(pod)).rejects.toMatchObject({ code: 'InvalidArgument' })
    expect(await memoryVolumes()).toEqual([])
  })
})
