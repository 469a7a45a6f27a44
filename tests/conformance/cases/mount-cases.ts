/** Files of the node in containers. */
import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { expect } from 'vitest'
import type { Mount } from '../../../src-main/container-runtime/cri.ts'
import { defineCases } from '../cri-case.ts'

function mount(hostPath: string, containerPath: string, readonly = false): Mount {
  return { hostPath, containerPath, readonly, selinuxRelabel: false, propagation: 'PROPAGATION_PRIVATE' }
}

export const MOUNT_CASES = defineCases({
  'mounts-in-status': {
    given: 'a container with mounts',
    when: 'its status is asked for',
    then: 'they come back as they were asked for',
    async run(world) {
      const folder = world.subject.files === undefined ? '/data' : (await world.nodePath('folder')).path
      if (world.subject.files !== undefined) await mkdir(world.subject.files.onMachine(folder))
      const mounts = [mount(folder, '/mnt/one'), mount(folder, '/mnt/two', true)]
      const { containerId } = await world.startIdle({ mounts })
      expect((await world.runtime.containerStatus(containerId)).mounts).toEqual(mounts)
    },
  },
  'mounts-folder': {
    given: 'a folder of the node',
    when: 'the container writes into it',
    then: 'the node has it, and the other way round',
    async run(world) {
      const { path, machinePath } = await world.nodePath('folder')
      await mkdir(machinePath)
      await writeFile(join(machinePath, 'in'), 'from the node')
      const mounts = [mount(path, '/mnt/x')]
      const output = await world.output('echo from the container > /mnt/x/out; cat /mnt/x/in', { mounts })
      expect(output).toBe('from the node')
      expect(await readFile(join(machinePath, 'out'), 'utf8')).toBe('from the container\n')
    },
  },
  'mounts-read-only': {
    given: 'a folder of the node that is mounted read-only',
    then: 'it can be read, and not written',
    async run(world) {
      const { path, machinePath } = await world.nodePath('folder')
      await mkdir(machinePath)
      await writeFile(join(machinePath, 'in'), 'from the node')
      const script = 'touch /mnt/x/out 2>/dev/null && echo written; cat /mnt/x/in'
      expect(await world.output(script, { mounts: [mount(path, '/mnt/x', true)] })).toBe('from the node')
    },
  },
  'mounts-file': {
    given: 'a file of the node over one of the image',
    then: 'the container sees and changes the node’s',
    async run(world) {
      const { path, machinePath } = await world.nodePath('hosts')
      await writeFile(machinePath, '192.0.2.1 first\n')
      const script = 'cat /etc/hosts; echo "192.0.2.2 second" >> /etc/hosts'
      expect(await world.output(script, { mounts: [mount(path, '/etc/hosts')] })).toBe('192.0.2.1 first')
      expect(await readFile(machinePath, 'utf8')).toBe('192.0.2.1 first\n192.0.2.2 second\n')
    },
  },
  'mounts-own-resolv-conf': {
    given: 'a container that mounts a file of the node over resolv.conf',
    then: 'it has that one',
    async run(world) {
      const { path, machinePath } = await world.nodePath('resolv.conf')
      await writeFile(machinePath, 'nameserver 192.0.2.9\n')
      const pod = await world.runPod({
        ...world.podConfig(),
        dnsConfig: { servers: ['192.0.2.1'], searches: [], options: [] },
      })
      const mounts = [mount(path, '/etc//resolv.conf')]
      expect(await world.output('cat /etc/resolv.conf', { mounts }, pod)).toBe('nameserver 192.0.2.9')
    },
  },
  'mounts-nested': {
    given: 'a folder mounted into a mounted folder, named before it',
    then: 'both are seen',
    async run(world) {
      const outer = await world.nodePath('outer')
      const inner = await world.nodePath('inner')
      await mkdir(join(outer.machinePath, 'in'), { recursive: true })
      await mkdir(inner.machinePath)
      await writeFile(join(outer.machinePath, 'a'), '')
      await writeFile(join(inner.machinePath, 'b'), '')
      const mounts = [mount(inner.path, '/mnt/x/in'), mount(outer.path, '/mnt/x')]
      expect(await world.output('cd /mnt/x; ls a in/b', { mounts })).toBe('a\nin/b')
    },
  },
  'mounts-link': {
    given: 'a link on the node to a folder beside it',
    then: 'what it leads to is mounted',
    async run(world) {
      const { path, machinePath } = await world.nodePath('link')
      const target = join(dirname(machinePath), 'target')
      await mkdir(target)
      await writeFile(join(target, 'in'), 'behind the link')
      await symlink(basename(target), machinePath)
      expect(await world.output('cat /mnt/x/in', { mounts: [mount(path, '/mnt/x')] })).toBe('behind the link')
    },
  },
  'mounts-missing': {
    given: 'a path that the node does not have',
    then: 'a folder is made there and mounted',
    async run(world) {
      const { path, machinePath } = await world.nodePath('missing')
      await world.output('touch /mnt/x/out', { mounts: [mount(path, '/mnt/x')] })
      expect((await stat(join(machinePath, 'out'))).isFile()).toBe(true)
    },
  },
})
