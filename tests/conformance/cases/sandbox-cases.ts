/** The life of pod sandboxes. */
import { expect } from 'vitest'
import { expectCode, UNKNOWN_ID } from '../case-world.ts'
import { defineCases } from '../cri-case.ts'

export const SANDBOX_CASES = defineCases({
  'sandbox-run': {
    given: 'a pod',
    when: 'its sandbox is run',
    then: 'it is ready, with an address and the time of its creation in nanoseconds',
    async run(world) {
      const before = world.subject.nowNs()
      const { sandboxId } = await world.runPod()
      const status = await world.runtime.podSandboxStatus(sandboxId)
      expect(sandboxId).toMatch(/^[0-9a-f]{64}$/)
      expect(status).toMatchObject({ id: sandboxId, state: 'SANDBOX_READY', networkMode: 'POD', additionalIps: [] })
      expect(status.ip).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
      world.expectRecent(status.createdAt, before)
    },
  },
  'sandbox-identity': {
    given: 'a pod with labels, annotations and the attempt 3',
    when: 'its sandbox is asked for and listed',
    then: 'all of it comes back unchanged',
    async run(world) {
      const config = world.podConfig()
      config.metadata.attempt = 3
      config.labels = { ...config.labels, 'example.com/tier': 'back', empty: '' }
      config.annotations = { ...config.annotations, 'example.com/note': 'two\nlines, and “ü”' }
      const { sandboxId } = await world.runPod(config)
      const { metadata, labels, annotations } = config
      const { createdAt, ...status } = await world.runtime.podSandboxStatus(sandboxId)
      expect(status).toMatchObject({ metadata, labels, annotations })
      const [listed] = await world.runtime.listPodSandbox({ id: sandboxId })
      expect(listed).toEqual({ id: sandboxId, state: 'SANDBOX_READY', metadata, labels, annotations, createdAt })
    },
  },
  'sandbox-run-again': {
    given: 'a ready sandbox',
    when: 'the same pod’s sandbox is run again with the same attempt',
    then: 'it is refused, because its name is taken',
    async run(world) {
      const { config } = await world.runPod()
      await expect(world.runtime.runPodSandbox(config)).rejects.toMatchObject({ code: 'Unknown' })
    },
  },
  'sandbox-next-attempt': {
    given: 'a sandbox that was stopped',
    when: 'the pod’s sandbox is run with the next attempt',
    then: 'there is another one beside it',
    async run(world) {
      const { sandboxId, config } = await world.runPod()
      await world.runtime.stopPodSandbox(sandboxId)
      const next = await world.runPod({ ...config, metadata: { ...config.metadata, attempt: 1 } })
      expect(next.sandboxId).not.toBe(sandboxId)
      expect((await world.runtime.podSandboxStatus(sandboxId)).state).toBe('SANDBOX_NOTREADY')
      expect((await world.runtime.podSandboxStatus(next.sandboxId)).state).toBe('SANDBOX_READY')
    },
  },
  'sandbox-stop': {
    given: 'a pod with a running container',
    when: 'its sandbox is stopped',
    then: 'it is not ready, and the container was killed',
    async run(world) {
      const { sandboxId, containerId } = await world.startIdle({}, await world.runPod())
      await world.runtime.stopPodSandbox(sandboxId)
      expect((await world.runtime.podSandboxStatus(sandboxId)).state).toBe('SANDBOX_NOTREADY')
      expect(await world.runtime.containerStatus(containerId)).toMatchObject({
        state: 'CONTAINER_EXITED',
        exitCode: 137,
        reason: 'Error',
      })
    },
  },
  'sandbox-stop-again': {
    given: 'a sandbox that was stopped',
    when: 'it is stopped again',
    then: 'that is no error',
    async run(world) {
      const { sandboxId } = await world.runPod()
      await world.runtime.stopPodSandbox(sandboxId)
      await world.runtime.stopPodSandbox(sandboxId)
      expect((await world.runtime.podSandboxStatus(sandboxId)).state).toBe('SANDBOX_NOTREADY')
    },
  },
  'sandbox-stop-unknown': {
    given: 'an id that no sandbox has',
    when: 'it is stopped',
    then: 'that is no error',
    async run({ runtime }) {
      expect(await runtime.stopPodSandbox(UNKNOWN_ID)).toBeUndefined()
    },
  },
  'sandbox-remove': {
    given: 'a ready sandbox with a running container',
    when: 'it is removed',
    then: 'both are gone',
    async run(world) {
      const { sandboxId, containerId } = await world.startIdle({}, await world.runPod())
      await world.runtime.removePodSandbox(sandboxId)
      await expectCode(world.runtime.podSandboxStatus(sandboxId), 'NotFound')
      await expectCode(world.runtime.containerStatus(containerId), 'NotFound')
      expect(await world.runtime.listPodSandbox({ id: sandboxId })).toEqual([])
      expect(await world.runtime.listContainers({ podSandboxId: sandboxId })).toEqual([])
    },
  },
  'sandbox-remove-again': {
    given: 'a sandbox that was removed',
    when: 'it is stopped and removed again',
    then: 'that is no error',
    async run(world) {
      const { sandboxId } = await world.runPod()
      await world.runtime.removePodSandbox(sandboxId)
      await world.runtime.stopPodSandbox(sandboxId)
      await world.runtime.removePodSandbox(sandboxId)
      await expectCode(world.runtime.podSandboxStatus(sandboxId), 'NotFound')
    },
  },
  'sandbox-remove-unknown': {
    given: 'an id that no sandbox has',
    when: 'it is removed',
    then: 'that is no error',
    async run({ runtime }) {
      expect(await runtime.removePodSandbox(UNKNOWN_ID)).toBeUndefined()
    },
  },
  'sandbox-status-unknown': {
    given: 'an id that no sandbox has',
    when: 'its status is asked for',
    then: 'NotFound',
    run: ({ runtime }) => expectCode(runtime.podSandboxStatus(UNKNOWN_ID), 'NotFound'),
  },
  'sandbox-status-of-container': {
    given: 'the id of a container',
    when: 'it is asked for as a sandbox',
    then: 'NotFound',
    async run(world) {
      const { containerId } = await world.startIdle()
      await expectCode(world.runtime.podSandboxStatus(containerId), 'NotFound')
    },
  },
  'sandbox-list-filters': {
    given: 'a ready sandbox and one that was stopped, with labels',
    when: 'sandboxes are listed by id, beginning of an id, state and label',
    then: 'those come that match all of it',
    async run(world) {
      const mark = { mark: world.podConfig().metadata.uid }
      const configOf = (tier: string): ReturnType<typeof world.podConfig> => {
        const config = world.podConfig()
        config.labels = { ...config.labels, ...mark, tier }
        return config
      }
      const { sandboxId: ready } = await world.runPod(configOf('front'))
      const { sandboxId: stopped } = await world.runPod(configOf('back'))
      await world.runtime.stopPodSandbox(stopped)
      const list = async (filter: Parameters<typeof world.runtime.listPodSandbox>[0]): Promise<string[]> =>
        (await world.runtime.listPodSandbox(filter)).map(({ id }) => id).toSorted()
      expect(await list({ labelSelector: mark })).toEqual([ready, stopped].toSorted())
      expect(await list({ labelSelector: { ...mark, tier: 'back' } })).toEqual([stopped])
      expect(await list({ labelSelector: mark, state: 'SANDBOX_READY' })).toEqual([ready])
      expect(await list({ labelSelector: mark, state: 'SANDBOX_NOTREADY' })).toEqual([stopped])
      expect(await list({ id: ready })).toEqual([ready])
      expect(await list({ id: ready.slice(0, 20) })).toEqual([ready])
      expect(await list({ id: ready, state: 'SANDBOX_NOTREADY' })).toEqual([])
      expect(await list({ id: UNKNOWN_ID })).toEqual([])
    },
  },
  'sandbox-hostname': {
    given: 'a pod with a hostname',
    then: 'its containers have it',
    async run(world) {
      const config = world.podConfig()
      config.hostname = 'conformance-host'
      expect(await world.output('hostname; cat /etc/hostname', {}, await world.runPod(config))).toBe(
        'conformance-host\nconformance-host',
      )
    },
  },
  'sandbox-address': {
    given: 'a ready sandbox',
    then: 'its containers have the address that its status names',
    async run(world) {
      const { sandboxId, containerId } = await world.startIdle()
      const { ip } = await world.runtime.podSandboxStatus(sandboxId)
      expect(await world.shell(containerId, 'ip -4 addr show eth0')).toContain(`inet ${ip}/`)
    },
  },
  'sandbox-address-after-stop': {
    given: 'two pods',
    when: 'one is stopped',
    then: 'the other one keeps its own address',
    async run(world) {
      const { sandboxId: first } = await world.runPod()
      const { sandboxId: second } = await world.runPod()
      const { ip } = await world.runtime.podSandboxStatus(second)
      expect(ip).not.toBe((await world.runtime.podSandboxStatus(first)).ip)
      await world.runtime.stopPodSandbox(first)
      expect(await world.runtime.podSandboxStatus(second)).toMatchObject({ state: 'SANDBOX_READY', ip })
    },
  },
  'sandbox-node-network': {
    given: 'a pod in the network of its node',
    then: 'it has no address of its own',
    async run(world) {
      const config = world.podConfig({ network: 'NODE' })
      config.hostname = ''
      const { sandboxId } = await world.runPod(config)
      expect(await world.runtime.podSandboxStatus(sandboxId)).toMatchObject({
        state: 'SANDBOX_READY',
        ip: '',
        networkMode: 'NODE',
      })
    },
  },
  'sandbox-dns': {
    given: 'a pod with DNS settings',
    then: 'its containers find them in resolv.conf, can write into it, and cannot put another file in its place',
    async run(world) {
      const dnsConfig = {
        servers: ['192.0.2.1', '192.0.2.2'],
        searches: ['a.example', 'b.example'],
        options: ['ndots:5'],
      }
      const pod = await world.runPod({ ...world.podConfig(), dnsConfig })
      const { containerId } = await world.startIdle({}, pod)
      const lines = ['search a.example b.example', 'nameserver 192.0.2.1', 'nameserver 192.0.2.2', 'options ndots:5']
      expect(await world.shell(containerId, 'cat /etc/resolv.conf')).toBe(lines.join('\n'))
      const write =
        'cd /etc; echo "# mine" >> resolv.conf; cp resolv.conf new; mv new resolv.conf 2> /dev/null || echo no'
      expect(await world.shell(containerId, write)).toBe('no')
      const second = await world.startIdle({ name: 'second' }, pod)
      expect(await world.shell(second.containerId, 'cat /etc/resolv.conf')).toBe([...lines, '# mine'].join('\n'))
    },
  },
})
