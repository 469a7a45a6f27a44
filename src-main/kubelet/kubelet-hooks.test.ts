/** postStart and preStop. */
import { describe, expect, it } from 'vitest'
import type { Lifecycle } from '../common/api/core.ts'
import { aManifest, newTestKubelet } from './testing/new-test-kubelet.ts'

const withHooks = (lifecycle: Lifecycle, graceSeconds = 30) =>
  aManifest('web', {
    terminationGracePeriodSeconds: graceSeconds,
    containers: [{ name: 'c', image: 'busybox:1.36', lifecycle }],
  })

describe('preStop', () => {
  it('given a command, then it ends before TERM is sent, and its time is taken off the grace', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exec: () => ({ afterMs: 4000 }) })
    await node.write('web.json', withHooks({ preStop: { exec: { command: ['bye'] } } }))
    await node.remove('web.json')
    await node.pass(3000)
    expect(node.runtime.callsOf('stopContainer')).toEqual([])
    await node.pass(1000)
    expect(node.runtime.callsOf('stopContainer')[0]?.args[1]).toBe(26)
    expect(node.podNames()).toEqual([])
  })

  it('given a command that outlives the grace, then it is abandoned and 2 s are left', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exec: () => ({ afterMs: 60_000 }) })
    await node.write('web.json', withHooks({ preStop: { exec: { command: ['bye'] } } }, 3))
    await node.remove('web.json')
    await node.pass(3000)
    expect(node.runtime.callsOf('stopContainer')[0]?.args[1]).toBe(2)
  })

  it('given a command that fails, then a Warning tells so and the container is stopped', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exec: () => ({ exitCode: 1 }) })
    await node.write('web.json', withHooks({ preStop: { exec: { command: ['bye'] } } }))
    await node.remove('web.json')
    expect(node.timeline().find((entry) => entry.reason === 'FailedPreStopHook')?.message).toBe('PreStopHook failed')
    expect(node.podNames()).toEqual([])
  })
})

describe('postStart', () => {
  it('given a command that succeeds, then the container runs', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', withHooks({ postStart: { exec: { command: ['hello'] } } }))
    expect(node.runtime.callsOf('execSync')[0]?.args[1]).toEqual(['hello'])
    expect(node.container().ready).toBe(true)
  })

  it('given a command that fails, then the container is killed, restarted and backs off', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exec: () => ({ exitCode: 5 }) })
    await node.write('web.json', withHooks({ postStart: { exec: { command: ['hello'] } } }))
    const failure = node.timeline().find((entry) => entry.reason === 'FailedPostStartHook')
    expect(failure).toMatchObject({ type: 'Warning', message: 'PostStartHook failed' })
    expect(failure?.details?.['error']).toContain("command 'hello' exited with 5")
    expect(node.log.some((line) => line.includes('with PostStartHookError'))).toBe(true)
    expect(node.container().state.waiting?.reason).toBe('CrashLoopBackOff')
    expect(node.container().restartCount).toBe(1)
  })
})
