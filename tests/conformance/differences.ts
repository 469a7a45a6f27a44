/**
 * Where a runtime does something else than the case says: why that is right, and what it does instead. A case that is not
 * in here holds for the runtime as it is written.
 */
import { expect } from 'vitest'
import type { CaseWorld } from './case-world.ts'
import { expectCode, UNKNOWN_ID } from './case-world.ts'
import type { CaseId } from './cri-cases.ts'
import type { RuntimeName } from './cri-subject.ts'
import { exitsWith, IDLE } from './workloads.ts'

export type Difference =
  /** It does something else, which is asserted. */
  | { kind: 'differs'; reason: string; instead: (world: CaseWorld) => Promise<void> }
  /** It has nothing that the case could be seen in. */
  | { kind: 'not shown'; reason: string }

type Differences = Partial<Record<CaseId, Difference>>

const NO_PROCESSES: Difference = { kind: 'not shown', reason: 'Simulated containers run no processes.' }
const NO_FILES: Difference = { kind: 'not shown', reason: 'Simulated nodes have no files.' }

const STREAMS = { tty: false, stdin: false, stdout: true, stderr: true }

const adoptsSandbox: Difference = {
  kind: 'differs',
  reason:
    'It answers the sandbox that is there: a kubelet that was killed before it heard the answer asks again, and must not wait for a new attempt.',
  async instead(world) {
    const { sandboxId, config } = await world.runPod()
    expect(await world.runtime.runPodSandbox(config)).toBe(sandboxId)
    expect((await world.runtime.listPodSandbox({ id: sandboxId })).length).toBe(1)
  },
}

const adoptsContainer: Difference = {
  kind: 'differs',
  reason: 'It answers the container that is there, for a kubelet that was killed before it heard the answer.',
  async instead(world) {
    const { containerId } = await world.create(IDLE, { name: 'waiting' })
    expect((await world.create(IDLE, { name: 'waiting' })).containerId).toBe(containerId)
  },
}

const replacesContainer: Difference = {
  kind: 'differs',
  reason: 'The one that has ended makes room, as a name in the engine is of one container only.',
  async instead(world) {
    const { id } = await world.runToEnd(exitsWith(1), { name: 'ended' })
    expect((await world.create(IDLE, { name: 'ended' })).containerId).not.toBe(id)
    await expectCode(world.runtime.containerStatus(id), 'NotFound')
  },
}

const cannotRun: Difference = {
  kind: 'differs',
  reason: 'As with cri-dockerd, the reason is Docker’s ContainerCannotRun and the exit code a shell’s, 127.',
  async instead(world) {
    const workload = { script: '/no/such/program', behaviour: { startError: 'exec: "/no/such/program": not found' } }
    const { containerId } = await world.create(workload, { command: ['/no/such/program'] })
    await expect(world.runtime.startContainer(containerId)).rejects.toMatchObject({
      code: 'Unknown',
      message: expect.stringContaining('/no/such/program') as string,
    })
    const status = await world.runtime.containerStatus(containerId)
    expect(status).toMatchObject({ state: 'CONTAINER_EXITED', exitCode: 127, reason: 'ContainerCannotRun' })
    expect(status.message).toContain('/no/such/program')
    expect([status.startedAt, status.finishedAt]).toEqual([status.createdAt, status.createdAt])
  },
}

function streamsBySocket(kind: 'exec' | 'attach'): Difference {
  return {
    kind: 'differs',
    reason: 'Streams are served on a unix socket of the node, as nothing of a node listens on the computer.',
    async instead(world) {
      const { containerId } = await world.startIdle()
      const ask = (): Promise<string> =>
        kind === 'exec'
          ? world.runtime.exec({ ...STREAMS, containerId, cmd: ['sh'] })
          : world.runtime.attach({ ...STREAMS, containerId })
      const url = await ask()
      expect(url).toMatch(new RegExp(`^ws\\+unix:/.*/${kind}/`))
      expect(await ask()).not.toBe(url)
    },
  }
}

const portsBySocket: Difference = {
  kind: 'differs',
  reason: 'Streams are served on a unix socket of the node, as nothing of a node listens on the computer.',
  async instead(world) {
    const { sandboxId } = await world.runPod()
    const url = await world.runtime.portForward({ podSandboxId: sandboxId, port: [80] })
    expect(url).toMatch(/^ws\+unix:.*\/portforward\//)
  },
}

const noPorts: Difference = {
  kind: 'differs',
  reason: 'Simulated pods have no ports, and say so: Unimplemented.',
  async instead(world) {
    const { sandboxId } = await world.runPod()
    for (const podSandboxId of [sandboxId, UNKNOWN_ID])
      await expectCode(world.runtime.portForward({ podSandboxId, port: [80] }), 'Unimplemented')
  },
}

const noStreams: Difference = {
  kind: 'differs',
  reason: 'Simulated containers have no streams, and say so: Unimplemented.',
  async instead(world) {
    const { containerId } = await world.startIdle()
    for (const id of [containerId, UNKNOWN_ID]) {
      await expectCode(world.runtime.exec({ ...STREAMS, containerId: id, cmd: ['sh'] }), 'Unimplemented')
      await expectCode(world.runtime.attach({ ...STREAMS, containerId: id }), 'Unimplemented')
    }
  },
}

const SIMULATED: Differences = {
  'sandbox-run-again': adoptsSandbox,
  'sandbox-hostname': NO_PROCESSES,
  'sandbox-address': NO_PROCESSES,
  'sandbox-dns': NO_FILES,
  'container-create-again-waiting': adoptsContainer,
  'container-create-again-exited': replacesContainer,
  'container-command-missing': cannotRun,
  'container-stop-signal': NO_PROCESSES,
  'exec-surroundings': NO_PROCESSES,
  'exec-stream': noStreams,
  'attach-stream': noStreams,
  'port-forward-stream': noPorts,
  'port-forward-unknown': noPorts,
  'stream-unknown': noStreams,
  'stream-not-running': noStreams,
  'stream-impossible': noStreams,
  'process-command-and-arguments': NO_PROCESSES,
  'process-arguments-only': NO_PROCESSES,
  'process-variables': NO_PROCESSES,
  'process-working-folder': NO_PROCESSES,
  'process-user': NO_PROCESSES,
  'process-user-name': NO_PROCESSES,
  'process-group-without-user': NO_PROCESSES,
  'process-groups': NO_PROCESSES,
  'process-read-only-root': NO_PROCESSES,
  'process-capabilities': NO_PROCESSES,
  'process-no-new-privileges': NO_PROCESSES,
  'process-terminal': NO_PROCESSES,
  'mounts-folder': NO_FILES,
  'mounts-read-only': NO_FILES,
  'mounts-file': NO_FILES,
  'mounts-own-resolv-conf': NO_FILES,
  'mounts-nested': NO_FILES,
  'mounts-link': NO_FILES,
  'mounts-missing': NO_FILES,
  'namespaces-network': NO_PROCESSES,
  'namespaces-pods-apart': NO_PROCESSES,
  'namespaces-process-container': NO_PROCESSES,
  'namespaces-process-pod': NO_PROCESSES,
  'namespaces-process-target': NO_PROCESSES,
  'resources-limits': NO_PROCESSES,
  'resources-update': {
    kind: 'differs',
    reason: 'There are no control groups to look at; statistics show the new limit.',
    async instead(world) {
      const limit = 64n * 1024n * 1024n
      const { containerId } = await world.startIdle()
      const zero = { cpuPeriod: 0n, cpuQuota: 0n, cpuShares: 0n, memoryLimitInBytes: 0n, oomScoreAdj: 0n }
      await world.runtime.updateContainerResources(containerId, { ...zero, memoryLimitInBytes: limit })
      await world.runtime.updateContainerResources(containerId, { ...zero, cpuShares: 512n })
      expect((await world.runtime.containerStats(containerId)).memory?.availableBytes).toBe(limit)
    },
  },
  'log-lines': NO_FILES,
  'log-long-line': NO_FILES,
  'log-unfinished-line': NO_FILES,
  'log-reopen': NO_FILES,
}

const DOCKER: Differences = {
  'images-remove': {
    kind: 'differs',
    reason: 'Refused: the engine’s images are shared by all nodes and by the user’s own containers.',
    async instead({ images, subject }) {
      // What is in use is refused with those words; nothing is removed either way.
      await expect(images.removeImage({ image: subject.spareImage })).rejects.toMatchObject({
        code: expect.stringMatching(/^(PermissionDenied|FailedPrecondition)$/),
      })
      expect(await images.imageStatus({ image: subject.spareImage })).toBeDefined()
    },
  },
  'sandbox-run-again': adoptsSandbox,
  'container-create-again-waiting': adoptsContainer,
  'container-create-again-exited': replacesContainer,
  'container-command-missing': cannotRun,
  'exec-stream': streamsBySocket('exec'),
  'attach-stream': streamsBySocket('attach'),
  'port-forward-stream': portsBySocket,
}

const CONTAINERD: Differences = {
  'runtime-config': {
    kind: 'differs',
    reason: 'containerd 1.7 does not have it yet; kubelets then use their own setting.',
    instead: ({ runtime }) => expectCode(runtime.runtimeConfig(), 'Unimplemented'),
  },
  'images-list': {
    kind: 'differs',
    reason: 'containerd 1.7 takes no notice of the filter.',
    async instead({ images, subject }) {
      const status = await images.imageStatus({ image: subject.image })
      expect(status?.id).toMatch(/^sha256:[0-9a-f]{64}$/)
      expect(status?.size).toBeGreaterThan(0n)
      const all = await images.listImages()
      expect(all.filter(({ id }) => id === status?.id)).toEqual([status])
      expect((await images.listImages({ image: subject.image })).length).toBe(all.length)
    },
  },
  'container-stop-signal': {
    kind: 'differs',
    reason: 'containerd 1.7 is older than the field: it skips it, and sends SIGTERM.',
    async instead(world) {
      const script = 'trap "exit 10" USR1; trap "exit 15" TERM; touch /ready; while :; do sleep 0.05; done'
      const { containerId } = await world.startReady({ script, behaviour: {} }, { stopSignal: 'SIGUSR1' })
      await world.runtime.stopContainer(containerId, 20)
      expect((await world.runtime.containerStatus(containerId)).exitCode).toBe(15)
    },
  },
  'stats-list': {
    kind: 'differs',
    reason: 'containerd 1.7 lists containers that have exited, too, without numbers.',
    async instead(world) {
      const lives = await world.startIdle({ labels: { tier: 'front' } }, await world.runPod())
      const ended = await world.runToEnd(exitsWith(0), {}, lives)
      const listed = await world.runtime.listContainerStats({ podSandboxId: lives.sandboxId })
      expect(listed.map(({ attributes }) => attributes.id).toSorted()).toEqual([lives.containerId, ended.id].toSorted())
      const one = await world.runtime.listContainerStats({
        podSandboxId: lives.sandboxId,
        labelSelector: { tier: 'front' },
      })
      expect(one.map(({ attributes }) => attributes.id)).toEqual([lives.containerId])
      expect(one[0]?.memory?.workingSetBytes).toBeGreaterThan(0n)
    },
  },
}

export const DIFFERENCES: Record<RuntimeName, Differences> = {
  simulated: SIMULATED,
  docker: DOCKER,
  containerd: CONTAINERD,
}
