/** What the containers of a pod share. */
import { expect } from 'vitest'
import type { NamespaceOptions } from '../../../src-main/container-runtime/cri.ts'
import type { CaseWorld, Pod, Started } from '../case-world.ts'
import { defineCases } from '../cri-case.ts'
import { IDLE } from '../workloads.ts'

function namespaceOf(world: CaseWorld, { containerId }: Started, kind: string): Promise<string> {
  return world.shell(containerId, `readlink /proc/self/ns/${kind}`)
}

/** Two containers of one pod, the second one with other namespaces if need be. */
async function startTwo(world: CaseWorld, pid: NamespaceOptions['pid'] = 'CONTAINER'): Promise<[Started, Started]> {
  const pod = await world.runPod(world.podConfig({ pid: pid === 'TARGET' ? 'CONTAINER' : pid }))
  const first = await startWith(world, pod, 'first', { pid: pid === 'TARGET' ? 'CONTAINER' : pid })
  const target = pid === 'TARGET' ? { pid, targetId: first.containerId } : { pid }
  return [first, await startWith(world, pod, 'second', target)]
}

function startWith(world: CaseWorld, pod: Pod, name: string, namespaces: Partial<NamespaceOptions>): Promise<Started> {
  const { linux } = world.containerConfig(IDLE)
  Object.assign(linux.securityContext.namespaceOptions, namespaces)
  return world.startIdle({ name, linux }, pod)
}

export const NAMESPACE_CASES = defineCases({
  'namespaces-network': {
    given: 'two containers of a pod',
    then: 'they reach each other on localhost, and have one network, hostname and set of message queues',
    async run(world) {
      const [first, second] = await startTwo(world)
      expect(await world.shell(first.containerId, 'hostname')).toBe(await world.shell(second.containerId, 'hostname'))
      for (const kind of ['net', 'ipc'])
        expect(await namespaceOf(world, first, kind), kind).toBe(await namespaceOf(world, second, kind))
      await world.shell(
        first.containerId,
        'mkdir -p /www; echo served > /www/index.html; httpd -p 127.0.0.1:8080 -h /www',
      )
      expect(await world.shell(second.containerId, 'wget -q -O - http://127.0.0.1:8080/')).toBe('served')
    },
  },
  'namespaces-pods-apart': {
    given: 'containers of two pods',
    then: 'they share neither network nor hostname nor message queues',
    async run(world) {
      const first = await world.startIdle({}, await world.runPod())
      const second = await world.startIdle()
      for (const kind of ['net', 'uts', 'ipc'])
        expect(await namespaceOf(world, first, kind), kind).not.toBe(await namespaceOf(world, second, kind))
    },
  },
  'namespaces-process-container': {
    given: 'two containers with process namespaces of their own',
    then: 'each is the first process in its own',
    async run(world) {
      const [first, second] = await startTwo(world)
      expect(await namespaceOf(world, first, 'pid')).not.toBe(await namespaceOf(world, second, 'pid'))
      expect(await world.shell(second.containerId, 'cat /proc/1/comm')).toBe('sh')
    },
  },
  'namespaces-process-pod': {
    given: 'a pod whose containers share one process namespace',
    then: 'they see each other, and the first process is the sandbox’s',
    async run(world) {
      const [first, second] = await startTwo(world, 'POD')
      expect(await namespaceOf(world, first, 'pid')).toBe(await namespaceOf(world, second, 'pid'))
      expect(await world.shell(second.containerId, 'cat /proc/1/comm')).not.toBe('sh')
      const shells = await world.shell(second.containerId, 'cat /proc/[0-9]*/cmdline | tr "\\0" " "')
      expect(shells.match(/sleep 1000/g)?.length).toBeGreaterThanOrEqual(2)
    },
  },
  'namespaces-process-target': {
    given: 'a container with the process namespace of another one',
    then: 'it sees the other one’s processes',
    async run(world) {
      const [first, second] = await startTwo(world, 'TARGET')
      expect(await namespaceOf(world, second, 'pid')).toBe(await namespaceOf(world, first, 'pid'))
    },
  },
})
