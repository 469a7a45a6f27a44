/** The life of containers: create, start, exit, stop, remove. */
import { expect } from 'vitest'
import { expectCode, expectRefused, failureOf, UNKNOWN_ID } from '../case-world.ts'
import { defineCases } from '../cri-case.ts'
import { COMPLETES, diesBy, exitsWith, IDLE, IGNORES_TERM, obeysTerm } from '../workloads.ts'

const SECOND_NS = 1_000_000_000n

export const CONTAINER_CASES = defineCases({
  'container-create-in-stopped': {
    given: 'a sandbox that was stopped',
    when: 'a container is created in it',
    then: 'it is refused',
    async run(world) {
      const pod = await world.runPod()
      await world.runtime.stopPodSandbox(pod.sandboxId)
      expect((await failureOf(world.create(IDLE, {}, pod))).message).not.toBe('')
    },
  },
  'container-create-in-unknown': {
    given: 'an id that no sandbox has',
    when: 'a container is created in it',
    then: 'NotFound',
    run: (world) =>
      expectCode(world.create(IDLE, {}, { sandboxId: UNKNOWN_ID, config: world.podConfig() }), 'NotFound'),
  },
  'container-create-without-image': {
    given: 'an image that is not there',
    when: 'a container is created from it',
    then: 'NotFound',
    async run(world) {
      const image = { image: 'node-lab.invalid/absent:1' }
      await expectCode(world.create(IDLE, { image }), 'NotFound')
    },
  },
  'container-create': {
    given: 'a ready sandbox',
    when: 'a container is created',
    then: 'it waits to be started, and has a time of creation only',
    async run(world) {
      const before = world.subject.nowNs()
      const { containerId } = await world.create(IDLE)
      const status = await world.runtime.containerStatus(containerId)
      expect(containerId).toMatch(/^[0-9a-f]{64}$/)
      expect(status).toMatchObject({
        ...{ id: containerId, state: 'CONTAINER_CREATED', startedAt: 0n, finishedAt: 0n },
        ...{ exitCode: 0, reason: '', message: '' },
      })
      world.expectRecent(status.createdAt, before)
    },
  },
  'container-identity': {
    given: 'a container with labels, annotations and the attempt 2',
    when: 'it is asked for and listed',
    then: 'all of it comes back unchanged, with its image and the path of its log',
    async run(world) {
      const labels = { 'io.kubernetes.container.name': 'app', 'example.com/tier': 'back' }
      const annotations = { 'example.com/note': 'two\nlines, and “ü”' }
      const { containerId, sandboxId, container, config } = await world.startIdle({
        name: 'app',
        attempt: 2,
        labels,
        annotations,
      })
      const present = await world.images.imageStatus({ image: world.subject.image })
      const status = await world.runtime.containerStatus(containerId)
      const identity = { id: containerId, metadata: { name: 'app', attempt: 2 }, labels, annotations }
      expect(status).toMatchObject({ ...identity, logPath: `${config.logDirectory}/${container.logPath}` })
      expect(status.image.image).toBe(world.subject.image)
      const [listed] = await world.runtime.listContainers({ id: containerId })
      expect(listed).toMatchObject({ ...identity, podSandboxId: sandboxId, state: 'CONTAINER_RUNNING' })
      expect(listed?.createdAt).toBe(status.createdAt)
      expect([status.imageRef, listed?.imageRef]).toEqual([present?.id, present?.id])
    },
  },
  'container-create-again': {
    given: 'a running container',
    when: 'one with the same name and attempt is created',
    then: 'it is refused',
    async run(world) {
      const { name } = (await world.startIdle({ name: 'twice' })).container.metadata
      await expectRefused(world.create(IDLE, { name }))
    },
  },
  'container-create-again-waiting': {
    given: 'a container that waits to be started',
    when: 'one with the same name and attempt is created',
    then: 'it is refused',
    async run(world) {
      const { name } = (await world.create(IDLE, { name: 'waiting' })).container.metadata
      await expectRefused(world.create(IDLE, { name }))
    },
  },
  'container-create-again-exited': {
    given: 'a container that has exited',
    when: 'one with the same name and attempt is created',
    then: 'it is refused',
    async run(world) {
      const { name } = (await world.runToEnd(exitsWith(1), { name: 'ended' })).metadata
      await expectRefused(world.create(IDLE, { name }))
    },
  },
  'container-next-attempt': {
    given: 'a container that has exited',
    when: 'it is created with the next attempt',
    then: 'there is another one beside it',
    async run(world) {
      const first = await world.start(exitsWith(1), { name: 'app' }, await world.runPod())
      await world.exited(first.containerId)
      const second = await world.startIdle({ name: 'app', attempt: 1 }, first)
      const listed = await world.runtime.listContainers({ podSandboxId: first.sandboxId })
      expect(listed.map(({ id, state }) => [id, state]).toSorted()).toEqual(
        [
          [first.containerId, 'CONTAINER_EXITED'],
          [second.containerId, 'CONTAINER_RUNNING'],
        ].toSorted(),
      )
    },
  },
  'container-start': {
    given: 'a created container',
    when: 'it is started',
    then: 'it runs since then',
    async run(world) {
      const { containerId } = await world.startIdle()
      const status = await world.runtime.containerStatus(containerId)
      expect(status).toMatchObject({ state: 'CONTAINER_RUNNING', finishedAt: 0n, exitCode: 0, reason: '', message: '' })
      world.expectRecent(status.startedAt, status.createdAt)
    },
  },
  'container-completes': {
    given: 'a container that exits with 0',
    then: 'it has Completed, and the times of its life are in order',
    async run(world) {
      const status = await world.runToEnd(COMPLETES)
      expect(status).toMatchObject({ exitCode: 0, reason: 'Completed', message: '' })
      expect(status.startedAt).toBeGreaterThanOrEqual(status.createdAt)
      world.expectRecent(status.finishedAt, status.startedAt)
    },
  },
  'container-fails': {
    given: 'a container that exits with 42',
    then: 'that is its exit code, with the reason Error',
    async run(world) {
      expect(await world.runToEnd(exitsWith(42))).toMatchObject({ exitCode: 42, reason: 'Error', message: '' })
    },
  },
  'container-killed': {
    given: 'a container whose process was killed',
    then: 'the exit code is 137, with the reason Error',
    async run(world) {
      expect(await world.runToEnd(diesBy('KILL'))).toMatchObject({ exitCode: 137, reason: 'Error' })
    },
  },
  'container-terminated': {
    given: 'a container whose process got SIGTERM',
    then: 'the exit code is 143, with the reason Error',
    async run(world) {
      expect(await world.runToEnd(diesBy('TERM'))).toMatchObject({ exitCode: 143, reason: 'Error' })
    },
  },
  'container-start-again': {
    given: 'a running container',
    when: 'it is started again',
    then: 'it is refused, and runs on',
    async run(world) {
      const { containerId } = await world.startIdle()
      const { startedAt } = await world.runtime.containerStatus(containerId)
      await expectRefused(world.runtime.startContainer(containerId))
      expect(await world.runtime.containerStatus(containerId)).toMatchObject({ state: 'CONTAINER_RUNNING', startedAt })
    },
  },
  'container-start-exited': {
    given: 'a container that has exited',
    when: 'it is started again',
    then: 'it is refused, and stays as it was',
    async run(world) {
      const status = await world.runToEnd(exitsWith(1))
      await expectRefused(world.runtime.startContainer(status.id))
      expect(await world.runtime.containerStatus(status.id)).toEqual(status)
    },
  },
  'container-start-unknown': {
    given: 'an id that no container has',
    when: 'it is started',
    then: 'NotFound',
    run: ({ runtime }) => expectCode(runtime.startContainer(UNKNOWN_ID), 'NotFound'),
  },
  'container-command-missing': {
    given: 'a command that is not in the image',
    when: 'the container is started',
    then: 'that fails with the command’s name, and the container has exited for the reason StartError with 128',
    async run(world) {
      const startError = 'exec: "/no/such/program": no such file or directory'
      const workload = { script: '/no/such/program', behaviour: { startError } }
      const { containerId } = await world.create(workload, { command: ['/no/such/program'] })
      await expect(world.runtime.startContainer(containerId)).rejects.toMatchObject({
        code: 'Unknown',
        message: expect.stringContaining('/no/such/program') as string,
      })
      const status = await world.runtime.containerStatus(containerId)
      expect(status).toMatchObject({ state: 'CONTAINER_EXITED', exitCode: 128, reason: 'StartError' })
      expect(status.message).toContain('/no/such/program')
    },
  },
  'container-stop': {
    given: 'a container that answers SIGTERM',
    when: 'it is stopped with a grace',
    then: 'it exits as it wants to, before the grace is over',
    async run(world) {
      const { containerId } = await world.startReady(obeysTerm(7))
      const before = world.subject.nowNs()
      await world.runtime.stopContainer(containerId, 30)
      expect(world.subject.nowNs() - before).toBeLessThan(25n * SECOND_NS)
      expect(await world.runtime.containerStatus(containerId)).toMatchObject({
        state: 'CONTAINER_EXITED',
        exitCode: 7,
        reason: 'Error',
      })
    },
  },
  'container-stop-kills': {
    given: 'a container that ignores SIGTERM',
    when: 'it is stopped with a grace of a second',
    then: 'it is killed after that',
    async run(world) {
      const { containerId } = await world.startReady(IGNORES_TERM)
      const before = world.subject.nowNs()
      await world.runtime.stopContainer(containerId, 1)
      expect(world.subject.nowNs() - before).toBeGreaterThanOrEqual(SECOND_NS)
      expect(await world.runtime.containerStatus(containerId)).toMatchObject({
        state: 'CONTAINER_EXITED',
        exitCode: 137,
        reason: 'Error',
      })
    },
  },
  'container-stop-at-once': {
    given: 'a container that would answer SIGTERM',
    when: 'it is stopped without a grace',
    then: 'it is killed',
    async run(world) {
      const { containerId } = await world.startReady(obeysTerm(7))
      await world.runtime.stopContainer(containerId, 0)
      expect(await world.runtime.containerStatus(containerId)).toMatchObject({
        state: 'CONTAINER_EXITED',
        exitCode: 137,
        reason: 'Error',
      })
    },
  },
  'container-stop-exited': {
    given: 'a container that has exited',
    when: 'it is stopped',
    then: 'that is no error, and changes nothing',
    async run(world) {
      const status = await world.runToEnd(exitsWith(3))
      await world.runtime.stopContainer(status.id, 5)
      expect(await world.runtime.containerStatus(status.id)).toEqual(status)
    },
  },
  'container-stop-created': {
    given: 'a container that was never started',
    when: 'it is stopped',
    then: 'that is no error, and it can still be started',
    async run(world) {
      const { containerId } = await world.create(IDLE)
      await world.runtime.stopContainer(containerId, 5)
      expect((await world.runtime.containerStatus(containerId)).state).toBe('CONTAINER_CREATED')
      await world.runtime.startContainer(containerId)
      expect((await world.runtime.containerStatus(containerId)).state).toBe('CONTAINER_RUNNING')
    },
  },
  'container-stop-unknown': {
    given: 'an id that no container has',
    when: 'it is stopped',
    then: 'that is no error',
    async run({ runtime }) {
      expect(await runtime.stopContainer(UNKNOWN_ID, 5)).toBeUndefined()
    },
  },
  'container-stop-signal': {
    given: 'a container with the stop signal SIGUSR1',
    when: 'it is stopped',
    then: 'it gets that signal',
    async run(world) {
      const script = 'trap "exit 10" USR1; trap "exit 15" TERM; touch /ready; while :; do sleep 0.05; done'
      const { containerId } = await world.startReady({ script, behaviour: {} }, { stopSignal: 'SIGUSR1' })
      await world.runtime.stopContainer(containerId, 20)
      expect((await world.runtime.containerStatus(containerId)).exitCode).toBe(10)
    },
  },
  'container-remove': {
    given: 'a container that has exited',
    when: 'it is removed',
    then: 'it is gone, and its sandbox is ready',
    async run(world) {
      const { sandboxId, containerId } = await world.start(exitsWith(0), {}, await world.runPod())
      await world.exited(containerId)
      await world.runtime.removeContainer(containerId)
      await expectCode(world.runtime.containerStatus(containerId), 'NotFound')
      expect(await world.runtime.listContainers({ podSandboxId: sandboxId })).toEqual([])
      expect((await world.runtime.podSandboxStatus(sandboxId)).state).toBe('SANDBOX_READY')
    },
  },
  'container-remove-running': {
    given: 'a running container',
    when: 'it is removed',
    then: 'it is killed and gone',
    async run(world) {
      const { containerId } = await world.startIdle()
      await world.runtime.removeContainer(containerId)
      await expectCode(world.runtime.containerStatus(containerId), 'NotFound')
    },
  },
  'container-remove-again': {
    given: 'a container that was removed, and an id that no container has',
    when: 'they are removed',
    then: 'that is no error',
    async run(world) {
      const { containerId } = await world.create(IDLE)
      await world.runtime.removeContainer(containerId)
      await world.runtime.removeContainer(containerId)
      await world.runtime.removeContainer(UNKNOWN_ID)
      expect(await world.runtime.listContainers({ id: containerId })).toEqual([])
    },
  },
  'container-status-unknown': {
    given: 'an id that no container has',
    when: 'its status is asked for',
    then: 'NotFound',
    run: ({ runtime }) => expectCode(runtime.containerStatus(UNKNOWN_ID), 'NotFound'),
  },
  'container-status-verbose': {
    given: 'a running container',
    when: 'more than its status is asked for',
    then: 'the runtime tells its sandbox and what kind of runtime it is in, and NotFound for an id that no container has',
    async run(world) {
      const pod = await world.runPod()
      const { containerId } = await world.startIdle({}, pod)
      const { info = '{}' } = await world.runtime.containerInfo(containerId)
      expect(JSON.parse(info)).toMatchObject({ sandboxID: pod.sandboxId, runtimeType: expect.stringMatching(/./) })
      await expectCode(world.runtime.containerInfo(UNKNOWN_ID), 'NotFound')
    },
  },
  'container-list-filters': {
    given: 'containers of two pods in several states, with labels',
    when: 'they are listed by id, beginning of an id, pod, state and label',
    then: 'those come that match all of it',
    async run(world) {
      const created = await world.create(IDLE, { name: 'a', labels: { tier: 'front' } }, await world.runPod())
      const running = await world.startIdle({ name: 'b', labels: { tier: 'back' } }, created)
      const other = await world.start(exitsWith(0), { name: 'c', labels: { tier: 'back' } }, await world.runPod())
      await world.exited(other.containerId)
      const list = async (filter: Parameters<typeof world.runtime.listContainers>[0]): Promise<string[]> =>
        (await world.runtime.listContainers(filter)).map(({ metadata }) => metadata.name).toSorted()
      const { sandboxId: podSandboxId } = created
      expect(await list({ podSandboxId })).toEqual(['a', 'b'])
      expect(await list({ podSandboxId: podSandboxId.slice(0, 20) })).toEqual(['a', 'b'])
      expect(await list({ podSandboxId, state: 'CONTAINER_CREATED' })).toEqual(['a'])
      expect(await list({ podSandboxId, state: 'CONTAINER_RUNNING' })).toEqual(['b'])
      expect(await list({ podSandboxId: other.sandboxId, state: 'CONTAINER_EXITED' })).toEqual(['c'])
      expect(await list({ podSandboxId, labelSelector: { tier: 'back' } })).toEqual(['b'])
      expect(await list({ id: running.containerId })).toEqual(['b'])
      expect(await list({ id: running.containerId.slice(0, 20) })).toEqual(['b'])
      expect(await list({ id: running.containerId, podSandboxId: other.sandboxId })).toEqual([])
      expect(await list({ id: UNKNOWN_ID })).toEqual([])
      expect(await list({ podSandboxId: UNKNOWN_ID })).toEqual([])
    },
  },
})
