/** What a container's process is given: words, variables, folder, user, rights. */
import { expect } from 'vitest'
import type { ContainerConfig, LinuxContainerSecurityContext } from '../../../src-main/container-runtime/cri.ts'
import type { CaseWorld, ContainerOverrides } from '../case-world.ts'
import { expectRefused } from '../case-world.ts'
import { defineCases } from '../cri-case.ts'
import { IDLE, runs } from '../workloads.ts'

/** Of the container's own process, not of a command that is run in it. */
const OWN_STATUS = 'cat /proc/1/status'

function secured(
  world: CaseWorld,
  change: Partial<LinuxContainerSecurityContext>,
): { linux: ContainerConfig['linux'] } {
  const { linux } = world.containerConfig(IDLE)
  return { linux: { ...linux, securityContext: { ...linux.securityContext, ...change } } }
}

/** A field of the container's process in /proc. */
async function processField(world: CaseWorld, field: string, overrides: ContainerOverrides): Promise<string> {
  const status = await world.output(OWN_STATUS, overrides)
  return new RegExp(`^${field}:\\s*(.*?)\\s*$`, 'm').exec(status)?.[1]?.replaceAll('\t', ' ') ?? ''
}

export const PROCESS_CASES = defineCases({
  'process-command-and-arguments': {
    given: 'a command and arguments',
    then: 'the process has both, one word for each',
    async run(world) {
      const words = { command: ['sh', '-c', 'printf "%s|" "$0" "$@" > /words; sleep 1000'], args: ['a b', '', '"c"'] }
      const started = await world.startIdle(words)
      const written = await world.subject.eventually('the words', async () => {
        const text = await world.shell(started.containerId, 'cat /words || true')
        return text === '' ? undefined : text
      })
      expect(written).toBe('a b||"c"|')
    },
  },
  'process-arguments-only': {
    given: 'arguments without a command, and an image without an entrypoint',
    then: 'the arguments are the command',
    async run(world) {
      const started = await world.startIdle({ command: [], args: ['sleep', '1000'] })
      expect(await world.shell(started.containerId, "tr '\\0' ' ' < /proc/1/cmdline")).toBe('sleep 1000')
    },
  },
  'process-variables': {
    given: 'variables, one of them twice and one the image has too',
    then: 'the last value counts, and those of the image stay otherwise',
    async run(world) {
      const envs = [
        { key: 'COLOUR', value: 'red' },
        { key: 'COLOUR', value: 'two words=blue' },
        { key: 'EMPTY', value: '' },
      ]
      const script = 'echo "$COLOUR"; echo "${EMPTY-unset}"; echo "$PATH"'
      expect(await world.output(script, { envs })).toBe(
        'two words=blue\n\n/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      )
      const path = [{ key: 'PATH', value: '/bin' }]
      expect(await world.output('echo "$PATH"', { envs: path })).toBe('/bin')
    },
  },
  'process-working-folder': {
    given: 'a working folder that the image does not have',
    then: 'it is made, and the process is in it',
    async run(world) {
      expect(await world.output('readlink /proc/1/cwd', { workingDir: '/made/for/it' })).toBe('/made/for/it')
    },
  },
  'process-user': {
    given: 'a user and a group as numbers',
    then: 'the process has them',
    async run(world) {
      const overrides = secured(world, { runAsUser: 1000n, runAsGroup: 2000n })
      expect(await processField(world, 'Uid', overrides)).toBe('1000 1000 1000 1000')
      expect(await processField(world, 'Gid', overrides)).toBe('2000 2000 2000 2000')
    },
  },
  'process-user-name': {
    given: 'a user by a name that the image does not know',
    then: 'the container cannot be brought to run',
    async run(world) {
      const bring = async (): Promise<void> => {
        const { containerId } = await world.create(IDLE, secured(world, { runAsUsername: 'nobody-of-that-name' }))
        await world.runtime.startContainer(containerId)
      }
      await expectRefused(bring())
    },
  },
  'process-group-without-user': {
    given: 'a group without a user',
    then: 'the container cannot be created',
    async run(world) {
      await expectRefused(world.create(IDLE, secured(world, { runAsGroup: 2000n })))
    },
  },
  'process-groups': {
    given: 'supplemental groups',
    then: 'the process is in them',
    async run(world) {
      const groups = await processField(world, 'Groups', secured(world, { supplementalGroups: [3000n, 4000n] }))
      expect(groups.split(' ')).toEqual(expect.arrayContaining(['3000', '4000']))
    },
  },
  'process-read-only-root': {
    given: 'a read-only root',
    then: 'nothing can be written there',
    async run(world) {
      const script = 'touch /file 2>/dev/null && echo written; grep " / " /proc/mounts'
      const output = await world.output(script, secured(world, { readonlyRootfs: true }))
      expect(output).not.toContain('written')
      expect(output).toMatch(/ ro[, ]/)
    },
  },
  'process-capabilities': {
    given: 'all capabilities dropped but for one',
    then: 'the process has that one only',
    async run(world) {
      const capabilities = { addCapabilities: ['NET_BIND_SERVICE'], dropCapabilities: ['ALL'] }
      const effective = await processField(world, 'CapEff', secured(world, { capabilities }))
      expect(BigInt(`0x${effective}`)).toBe(1n << 10n)
    },
  },
  'process-no-new-privileges': {
    given: 'that new privileges are not allowed',
    then: 'the kernel knows it of the process, and only then',
    async run(world) {
      expect(await processField(world, 'NoNewPrivs', secured(world, { noNewPrivs: true }))).toBe('1')
      expect(await processField(world, 'NoNewPrivs', secured(world, { noNewPrivs: false }))).toBe('0')
    },
  },
  'process-terminal': {
    given: 'a container with a terminal',
    then: 'its process has one',
    async run(world) {
      const overrides = { command: ['sh', '-c', 'test -t 1 && touch /terminal; sleep 1000'], tty: true }
      const { containerId } = await world.start(runs('a terminal'), overrides)
      expect(
        await world.subject.eventually('the terminal', async () =>
          (await world.shell(containerId, 'ls /')).includes('terminal') ? true : undefined,
        ),
      ).toBe(true)
    },
  },
})
