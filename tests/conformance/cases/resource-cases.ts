/** Limits of containers, and what they are told to have used. */
import { expect } from 'vitest'
import type { LinuxContainerResources } from '../../../src-main/container-runtime/cri.ts'
import type { CaseWorld, Started } from '../case-world.ts'
import { expectCode, UNKNOWN_ID } from '../case-world.ts'
import { defineCases } from '../cri-case.ts'
import { BURNS_CPU, EATS_MEMORY, exitsWith, IDLE } from '../workloads.ts'
import type { Workload } from '../workloads.ts'

const MIB = 1024n * 1024n
const AS_IT_IS: LinuxContainerResources = {
  cpuPeriod: 0n,
  cpuQuota: 0n,
  cpuShares: 0n,
  memoryLimitInBytes: 0n,
  oomScoreAdj: 0n,
}

function startLimited(
  world: CaseWorld,
  workload: Workload,
  limits: Partial<LinuxContainerResources>,
): Promise<Started> {
  const { linux } = world.containerConfig(workload)
  return world.start(workload, { linux: { ...linux, resources: { ...linux.resources, ...limits } } })
}

/** As the container's control groups have them, with cgroup v1 or v2. */
async function limitsOf(
  world: CaseWorld,
  containerId: string,
): Promise<{ memory: string; cpu: string; quota: string }> {
  const read = (first: string, second: string): string => `cat ${first} 2>/dev/null || cat ${second}`
  const cgroup = '/sys/fs/cgroup'
  const script = [
    read(`${cgroup}/memory/memory.limit_in_bytes`, `${cgroup}/memory.max`),
    read(`${cgroup}/cpu/cpu.shares`, `${cgroup}/cpu.weight`),
    read(`${cgroup}/cpu/cpu.cfs_quota_us`, `${cgroup}/cpu.max`),
  ].join('; ')
  const [memory = '', cpu = '', quota = ''] = (await world.shell(containerId, script)).split('\n')
  return { memory, cpu, quota: quota.split(' ')[0] ?? '' }
}

export const RESOURCE_CASES = defineCases({
  'resources-out-of-memory': {
    given: 'a container that takes more memory than it may have',
    then: 'it is killed: 137, for the reason OOMKilled',
    async run(world) {
      const { containerId } = await startLimited(world, EATS_MEMORY, { memoryLimitInBytes: 24n * MIB })
      expect(await world.exited(containerId)).toMatchObject({ exitCode: 137, reason: 'OOMKilled' })
    },
  },
  'resources-limits': {
    given: 'limits of memory and processors',
    then: 'the container’s control groups have them',
    async run(world) {
      const limits = { memoryLimitInBytes: 64n * MIB, cpuShares: 1024n, cpuPeriod: 100_000n, cpuQuota: 50_000n }
      const { containerId } = await startLimited(world, IDLE, limits)
      const { memory, quota } = await limitsOf(world, containerId)
      expect({ memory, quota }).toEqual({ memory: `${64n * MIB}`, quota: '50000' })
    },
  },
  'resources-update': {
    given: 'a running container with limits',
    when: 'one of them is changed',
    then: 'it has the new one, and the others stay',
    async run(world) {
      const limits = { memoryLimitInBytes: 64n * MIB, cpuShares: 512n, cpuPeriod: 100_000n, cpuQuota: 50_000n }
      const { containerId } = await startLimited(world, IDLE, limits)
      const { cpu } = await limitsOf(world, containerId)
      await world.runtime.updateContainerResources(containerId, { ...AS_IT_IS, memoryLimitInBytes: 96n * MIB })
      expect(await limitsOf(world, containerId)).toEqual({ memory: `${96n * MIB}`, cpu, quota: '50000' })
      await world.runtime.updateContainerResources(containerId, { ...AS_IT_IS, cpuQuota: 80_000n })
      expect(await limitsOf(world, containerId)).toEqual({ memory: `${96n * MIB}`, cpu, quota: '80000' })
    },
  },
  'resources-update-exited': {
    given: 'a container that has exited',
    when: 'its limits are changed',
    then: 'that is no error, and changes nothing',
    async run(world) {
      const status = await world.runToEnd(exitsWith(0))
      await world.runtime.updateContainerResources(status.id, { ...AS_IT_IS, cpuShares: 512n })
      expect(await world.runtime.containerStatus(status.id)).toEqual(status)
    },
  },
  'resources-update-unknown': {
    given: 'an id that no container has',
    when: 'its limits are changed',
    then: 'NotFound',
    run: ({ runtime }) => expectCode(runtime.updateContainerResources(UNKNOWN_ID, AS_IT_IS), 'NotFound'),
  },
  'stats-container': {
    given: 'a busy container with a limit of memory',
    when: 'its use is asked for twice',
    then: 'processor time grows by no more than time itself, in nanoseconds, and memory is within its limit, in bytes',
    async run(world) {
      const before = world.subject.nowNs()
      const { containerId } = await startLimited(world, BURNS_CPU, { memoryLimitInBytes: 64n * MIB })
      const first = await world.runtime.containerStats(containerId)
      const second = await world.subject.eventually('some use of the processor', async () => {
        const stats = await world.runtime.containerStats(containerId)
        const grown = (stats.cpu?.usageCoreNanoSeconds ?? 0n) - (first.cpu?.usageCoreNanoSeconds ?? 0n)
        return grown > 20_000_000n ? stats : undefined
      })
      const { id, metadata, labels, annotations } = await world.runtime.containerStatus(containerId)
      expect(second.attributes).toEqual({ id, metadata, labels, annotations })
      const now = world.subject.nowNs()
      const total = second.cpu?.usageCoreNanoSeconds ?? 0n
      // Two cores, and the work of starting it.
      expect(total).toBeLessThanOrEqual(4n * (now - before))
      for (const stamp of [second.cpu?.timestamp, second.memory?.timestamp]) world.expectRecent(stamp, before)
      const { workingSetBytes = 0n, availableBytes = 0n } = second.memory ?? {}
      expect(workingSetBytes).toBeGreaterThan(0n)
      expect(workingSetBytes + availableBytes).toBe(64n * MIB)
    },
  },
  'stats-rate': {
    given: 'a busy container',
    when: 'its use is listed again and again',
    then: 'there is a rate, in billionths of a core',
    async run(world) {
      const { containerId } = await world.start(BURNS_CPU)
      const rate = await world.subject.eventually('a rate', async () => {
        const [stats] = await world.runtime.listContainerStats({ id: containerId })
        const cpu = stats?.cpu
        return cpu?.usageNanoCores !== undefined && cpu.usageNanoCores > 0n ? cpu.usageNanoCores : undefined
      })
      expect(rate).toBeGreaterThan(10_000_000n)
      expect(rate).toBeLessThan(4_000_000_000n)
    },
  },
  'stats-container-unknown': {
    given: 'an id that no container has',
    when: 'its use is asked for',
    then: 'NotFound',
    run: ({ runtime }) => expectCode(runtime.containerStats(UNKNOWN_ID), 'NotFound'),
  },
  'stats-list': {
    given: 'a running container and one that has exited',
    when: 'the use of containers is listed',
    then: 'the running one is there, by its pod, its id and its label',
    async run(world) {
      const lives = await world.startIdle({ labels: { tier: 'front' } }, await world.runPod())
      const ended = await world.start(exitsWith(0), { labels: { tier: 'front' } }, lives)
      await world.exited(ended.containerId)
      const { sandboxId: podSandboxId, containerId } = lives
      const filters = [{ podSandboxId }, { id: containerId }, { podSandboxId, labelSelector: { tier: 'front' } }]
      for (const filter of filters) {
        const listed = await world.runtime.listContainerStats(filter)
        expect(listed.map(({ attributes }) => attributes.id)).toEqual([containerId])
        expect(listed[0]?.memory?.workingSetBytes).toBeGreaterThanOrEqual(0n)
      }
      expect(await world.runtime.listContainerStats({ podSandboxId, labelSelector: { tier: 'back' } })).toEqual([])
    },
  },
  'stats-pod': {
    given: 'a pod with a busy container',
    when: 'its use is asked for',
    then: 'it is at least what the container had used before, with its processes and its interface eth0',
    async run(world) {
      const busy = await world.start(BURNS_CPU, {}, await world.runPod())
      // Asked for before: runtimes measure the pod and its containers one after the other.
      const before = await world.subject.eventually('some use of the processor', async () => {
        const { cpu } = await world.runtime.containerStats(busy.containerId)
        return (cpu?.usageCoreNanoSeconds ?? 0n) > 20_000_000n ? cpu?.usageCoreNanoSeconds : undefined
      })
      const stats = await world.runtime.podSandboxStats(busy.sandboxId)
      const { metadata, labels, annotations } = busy.config
      expect(stats.attributes).toEqual({ id: busy.sandboxId, metadata, labels, annotations })
      expect(stats.containers.map(({ attributes }) => attributes.id)).toEqual([busy.containerId])
      expect(stats.cpu?.usageCoreNanoSeconds).toBeGreaterThanOrEqual(before)
      expect(stats.processCount).toBeGreaterThanOrEqual(1n)
      expect(stats.network?.defaultInterface?.name).toBe('eth0')
      expect(stats.network?.interfaces.map(({ name }) => name)).not.toContain('eth0')
    },
  },
  'stats-pod-unknown': {
    given: 'an id that no sandbox has',
    when: 'its use is asked for',
    then: 'NotFound',
    run: ({ runtime }) => expectCode(runtime.podSandboxStats(UNKNOWN_ID), 'NotFound'),
  },
  'stats-pod-list': {
    given: 'a ready sandbox and one that was stopped',
    when: 'the use of pods is listed',
    then: 'the ready one is there, by its id and its label',
    async run(world) {
      const { sandboxId, config } = await world.runPod()
      const stopped = await world.runPod()
      await world.runtime.stopPodSandbox(stopped.sandboxId)
      const labelSelector = { 'io.kubernetes.pod.uid': config.metadata.uid }
      for (const filter of [{ id: sandboxId }, { labelSelector }]) {
        const listed = await world.runtime.listPodSandboxStats(filter)
        expect(listed.map(({ attributes }) => attributes.id)).toEqual([sandboxId])
      }
      expect(await world.runtime.listPodSandboxStats({ id: stopped.sandboxId })).toEqual([])
    },
  },
})
