/** Statistics and changed limits on the real engine, over real gRPC. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EngineNode } from '../testing/engine-node.ts'
import { exited, startPod } from '../testing/engine-pods.ts'

const NONE = { cpuPeriod: 0n, cpuQuota: 0n, cpuShares: 0n, memoryLimitInBytes: 0n, oomScoreAdj: 0n }
const MIB = 1024n * 1024n
let node: EngineNode

beforeAll(async () => {
  node = await EngineNode.start()
})
afterAll(() => node.dispose())

describe('statistics', () => {
  it('given a busy container, then its use is measured, and its pod’s is at least as much', async () => {
    const { runtime } = node.cri
    const busy = await startPod(node, 'dd if=/dev/zero of=/big bs=1024 count=2048 2>/dev/null; while :; do :; done')
    await expect
      .poll(async () => (await runtime.containerStats(busy.containerId)).cpu?.usageNanoCores ?? 0n, { timeout: 30_000 })
      .toBeGreaterThan(50_000_000n)
    const stats = await runtime.containerStats(busy.containerId)
    const { id, metadata, labels, annotations } = await runtime.containerStatus(busy.containerId)
    expect(stats.attributes).toEqual({ id, metadata, labels, annotations })
    expect(stats.memory?.workingSetBytes).toBeGreaterThan(0n)
    expect(stats.memory).not.toHaveProperty('availableBytes')
    expect(stats.writableLayer?.usedBytes).toBeGreaterThanOrEqual(2n * MIB)
    const pod = await runtime.podSandboxStats(busy.sandboxId)
    expect(pod.attributes).toMatchObject({ id: busy.sandboxId, metadata: busy.pod.metadata })
    expect(pod.cpu?.usageCoreNanoSeconds).toBeGreaterThanOrEqual(stats.cpu?.usageCoreNanoSeconds ?? 0n)
    expect(pod.processCount).toBeGreaterThanOrEqual(2n)
    expect(pod.network?.defaultInterface?.name).toBe('eth0')
    expect(pod.containers.map(({ attributes }) => attributes.id)).toEqual([busy.containerId])
    expect((await runtime.listPodSandboxStats({ id: busy.sandboxId })).length).toBe(1)
    await runtime.removePodSandbox(busy.sandboxId)
  })

  it('given one that has ended, then it is not listed and its own answer has no numbers', async () => {
    const { runtime } = node.cri
    const lives = await startPod(node, 'sleep 1000')
    const ended = await startPod(node, 'exit 0')
    await exited(node, ended.containerId)
    const ids = (await runtime.listContainerStats()).map(({ attributes }) => attributes.id)
    expect(ids).toEqual([lives.containerId])
    expect(await runtime.listContainerStats({ podSandboxId: ended.sandboxId })).toEqual([])
    const stats = await runtime.containerStats(ended.containerId)
    expect([stats.cpu, stats.memory]).toEqual([undefined, undefined])
    await expect(runtime.containerStats('f'.repeat(64))).rejects.toMatchObject({ code: 'NotFound' })
    await expect(runtime.podSandboxStats(lives.containerId)).rejects.toMatchObject({ code: 'NotFound' })
    await Promise.all([lives, ended].map(({ sandboxId }) => runtime.removePodSandbox(sandboxId)))
  })
})

describe('limits', () => {
  it('when they are changed, then the running container has them, and what was not said stays', async () => {
    const { runtime } = node.cri
    const { sandboxId, containerId } = await startPod(node, 'sleep 1000')
    await runtime.updateContainerResources(containerId, { ...NONE, memoryLimitInBytes: 64n * MIB, cpuShares: 512n })
    await runtime.updateContainerResources(containerId, { ...NONE, cpuPeriod: 100_000n, cpuQuota: 50_000n })
    const { HostConfig } = await node.engine.json<{ HostConfig: object }>(`/containers/${containerId}/json`)
    const memory = Number(64n * MIB)
    const limits = { Memory: memory, MemorySwap: memory, CpuShares: 512, CpuPeriod: 100_000, CpuQuota: 50_000 }
    expect(HostConfig).toMatchObject({ ...limits, OomScoreAdj: 1000, Privileged: false })
    expect((await runtime.containerStats(containerId)).memory?.availableBytes).toBeLessThanOrEqual(64n * MIB)
    await runtime.updateContainerResources(containerId, { ...NONE, cpuQuota: -1n })
    expect(await node.engine.json(`/containers/${containerId}/json`)).toMatchObject({ HostConfig: { CpuQuota: -1 } })
    await expect(runtime.updateContainerResources(containerId, { ...NONE, cpuQuota: 5n })).rejects.toMatchObject({
      code: 'InvalidArgument',
    })
    await runtime.removePodSandbox(sandboxId)
  })

  it('given the node’s own container, then it cannot be changed or measured from the node', async () => {
    const { runtime } = node.cri
    const nodeContainer = (await node.containers()).find(({ Labels }) => Labels['io.node-lab.role'] === 'node')
    const id = nodeContainer?.Id ?? ''
    expect(id).not.toBe('')
    await expect(runtime.updateContainerResources(id, { ...NONE, cpuShares: 9n })).rejects.toMatchObject({
      code: 'NotFound',
    })
    await expect(runtime.containerStats(id)).rejects.toMatchObject({ code: 'NotFound' })
  })
})

describe('the service’s own facts', () => {
  it('when asked, then the cgroup driver is the engine’s, and no image can be removed by a node', async () => {
    const { CgroupDriver } = await node.engine.json<{ CgroupDriver: string }>('/info')
    expect(await node.cri.runtime.runtimeConfig()).toEqual({ cgroupDriver: CgroupDriver.toUpperCase() })
    await expect(node.cri.images.removeImage({ image: 'busybox:1.36' })).rejects.toMatchObject({
      code: expect.stringMatching(/^(PermissionDenied|FailedPrecondition)$/),
    })
    expect(await node.cri.images.imageStatus({ image: 'busybox:1.36' })).toBeDefined()
    await node.cri.images.removeImage({ image: 'not-there:1' })
    const [filesystem] = await node.cri.images.imageFsInfo()
    expect(filesystem?.usedBytes).toBeGreaterThan(0n)
  })
})
