/** Commands in containers: ExecSync, and the addresses of streams. */
import { expect } from 'vitest'
import { expectCode, expectRefused, UNKNOWN_ID } from '../case-world.ts'
import { defineCases } from '../cri-case.ts'
import { ALL_BYTES, exitsWith, IDLE, IS_NOWHERE, SLEEPS, SPEAKS, SPEAKS_BINARY } from '../workloads.ts'

const STREAMS = { tty: false, stdin: false, stdout: true, stderr: true }

export const EXEC_CASES = defineCases({
  'exec-output': {
    given: 'a command that writes to both outputs and exits with 3',
    then: 'both come back apart, with the exit code',
    async run(world) {
      const { containerId } = await world.startIdle()
      const { stdout, stderr, exitCode } = await world.runtime.execSync(containerId, SPEAKS.words, 20)
      expect(Buffer.from(stdout).toString()).toBe('out\n')
      expect(Buffer.from(stderr).toString()).toBe('err\n')
      expect(exitCode).toBe(3)
    },
  },
  'exec-binary': {
    given: 'a command that writes every byte there is',
    then: 'they come back as they are',
    async run(world) {
      const { containerId } = await world.startIdle()
      const { stdout } = await world.runtime.execSync(containerId, SPEAKS_BINARY.words, 20)
      expect([...stdout]).toEqual([...ALL_BYTES])
    },
  },
  'exec-timeout': {
    given: 'a command that takes longer than its limit',
    then: 'DeadlineExceeded, after about that time, and the container runs on',
    async run(world) {
      const { containerId } = await world.startIdle()
      const before = world.subject.nowNs()
      await expectCode(world.runtime.execSync(containerId, SLEEPS.words, 1), 'DeadlineExceeded')
      const took = world.subject.nowNs() - before
      expect(took).toBeGreaterThanOrEqual(1_000_000_000n)
      expect(took).toBeLessThan(25_000_000_000n)
      expect((await world.runtime.containerStatus(containerId)).state).toBe('CONTAINER_RUNNING')
    },
  },
  'exec-not-running': {
    given: 'a container that was not started, and one that has exited',
    when: 'a command is run in them',
    then: 'it is refused',
    async run(world) {
      const created = await world.create(IDLE)
      await expectRefused(world.runtime.execSync(created.containerId, SPEAKS.words, 20))
      const exited = await world.runToEnd(exitsWith(0))
      await expectRefused(world.runtime.execSync(exited.id, SPEAKS.words, 20))
    },
  },
  'exec-unknown': {
    given: 'an id that no container has',
    when: 'a command is run in it',
    then: 'NotFound',
    run: ({ runtime }) => expectCode(runtime.execSync(UNKNOWN_ID, SPEAKS.words, 20), 'NotFound'),
  },
  'exec-command-missing': {
    given: 'a command that is not in the container',
    then: 'it is a failure that names it, and no exit code of a command',
    async run(world) {
      const { containerId } = await world.startIdle()
      await expect(world.runtime.execSync(containerId, IS_NOWHERE.words, 20)).rejects.toMatchObject({
        code: 'Unknown',
        message: expect.stringContaining('/no/such/program') as string,
      })
    },
  },
  'exec-surroundings': {
    given: 'a container with variables, a working folder and a user',
    when: 'a command is run in it',
    then: 'it has them too',
    async run(world) {
      const config = world.containerConfig(IDLE)
      config.linux.securityContext.runAsUser = 1000n
      const overrides = { linux: config.linux, workingDir: '/tmp', envs: [{ key: 'COLOUR', value: 'blue' }] }
      expect(await world.output('echo $COLOUR; pwd; id -u', overrides)).toBe('blue\n/tmp\n1000')
    },
  },
  'exec-stream': {
    given: 'a running container',
    when: 'a stream for a command is asked for',
    then: 'its address is that of a web server',
    async run(world) {
      const { containerId } = await world.startIdle()
      const url = await world.runtime.exec({ ...STREAMS, containerId, cmd: ['sh'] })
      expect(new URL(url).protocol).toMatch(/^https?:$/)
      expect(await world.runtime.exec({ ...STREAMS, containerId, cmd: ['sh'] })).not.toBe(url)
    },
  },
  'attach-stream': {
    given: 'a running container',
    when: 'a stream to its process is asked for',
    then: 'its address is that of a web server',
    async run(world) {
      const { containerId } = await world.startIdle()
      const url = await world.runtime.attach({ ...STREAMS, containerId })
      expect(new URL(url).protocol).toMatch(/^https?:$/)
    },
  },
  'port-forward-stream': {
    given: 'a sandbox that is ready',
    when: 'a stream to one of its ports is asked for',
    then: 'its address is that of a web server',
    async run(world) {
      const { sandboxId } = await world.runPod()
      const url = await world.runtime.portForward({ podSandboxId: sandboxId, port: [80] })
      expect(new URL(url).protocol).toMatch(/^https?:$/)
    },
  },
  'port-forward-unknown': {
    given: 'an id that no sandbox has',
    when: 'a stream to one of its ports is asked for',
    then: 'NotFound',
    run: ({ runtime }) => expectCode(runtime.portForward({ podSandboxId: UNKNOWN_ID, port: [80] }), 'NotFound'),
  },
  'stream-unknown': {
    given: 'an id that no container has',
    when: 'streams for it are asked for',
    then: 'NotFound',
    async run({ runtime }) {
      await expectCode(runtime.exec({ ...STREAMS, containerId: UNKNOWN_ID, cmd: ['sh'] }), 'NotFound')
      await expectCode(runtime.attach({ ...STREAMS, containerId: UNKNOWN_ID }), 'NotFound')
    },
  },
  'stream-not-running': {
    given: 'a container that has exited',
    when: 'streams for it are asked for',
    then: 'it is refused',
    async run(world) {
      const { id: containerId } = await world.runToEnd(exitsWith(0))
      await expectRefused(world.runtime.exec({ ...STREAMS, containerId, cmd: ['sh'] }))
      await expectRefused(world.runtime.attach({ ...STREAMS, containerId }))
    },
  },
  'stream-impossible': {
    given: 'a running container',
    when: 'a terminal with an error output of its own, or a stream of nothing, is asked for',
    then: 'InvalidArgument',
    async run(world) {
      const { containerId } = await world.startIdle()
      const request = { containerId, cmd: ['sh'] }
      const { runtime } = world
      await expectCode(runtime.exec({ ...request, ...STREAMS, tty: true }), 'InvalidArgument')
      const nothing = { tty: false, stdin: false, stdout: false, stderr: false }
      await expectCode(runtime.exec({ ...request, ...nothing }), 'InvalidArgument')
    },
  },
})
