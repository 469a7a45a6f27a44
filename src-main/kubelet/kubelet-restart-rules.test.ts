/** Restart policies and rules of single containers (facts 2.4.4, 2.4.5). */
import { describe, expect, it } from 'vitest'
import type { Container, RestartPolicy } from '../common/api/core.ts'
import { aManifest, newTestKubelet } from './testing/new-test-kubelet.ts'

const onExit = (operator: 'In' | 'NotIn', ...values: number[]) => ({
  action: 'Restart',
  exitCodes: { operator, values },
})
const container = (more: Partial<Container>): Container => ({ name: 'c', image: 'busybox:1.36', ...more })

describe('a container with a restart policy of its own', () => {
  it.each([
    ['Never', 'Always', 1, 2],
    ['Always', 'Never', 1, 1],
    ['Never', 'OnFailure', 1, 2],
    ['Always', 'OnFailure', 0, 1],
  ] as [RestartPolicy, RestartPolicy, number, number][])(
    'given a pod with %s and a container with %s, when it exits with %i, then it is started %i times',
    async (ofPod, own, exitCode, starts) => {
      await using node = await newTestKubelet()
      node.runtime.behave('c', { exitAfterMs: 1000, exitCode }, {})
      await node.write(
        'web.json',
        aManifest('web', { restartPolicy: ofPod, containers: [container({ restartPolicy: own })] }),
      )
      await node.pass(20_000)
      expect(node.runtime.callsOf('startContainer')).toHaveLength(starts)
      if (starts === 1) expect(node.pod('web').status?.phase).toBe(exitCode === 0 ? 'Succeeded' : 'Failed')
      else expect(node.pod('web').status?.phase).toBe('Running')
    },
  )

  it('given one that ended for good beside one that runs, then the pod goes on', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('once', { exitAfterMs: 1000, exitCode: 3 })
    await node.write(
      'web.json',
      aManifest('web', { containers: [container({}), container({ name: 'once', restartPolicy: 'Never' })] }),
    )
    await node.pass(60_000)
    expect(node.container('once')).toMatchObject({ restartCount: 0, state: { terminated: { exitCode: 3 } } })
    expect(node.pod('web').status?.phase).toBe('Running')
  })
})

describe('restart rules', () => {
  it.each([
    ['In', 42, 42, 2],
    ['In', 42, 1, 1],
    ['NotIn', 42, 1, 2],
    ['NotIn', 42, 42, 1],
  ] as const)(
    'given policy Never and a rule %s [%i], when it exits with %i, then it is started %i times',
    async (operator, value, exitCode, starts) => {
      await using node = await newTestKubelet()
      node.runtime.behave('c', { exitAfterMs: 1000, exitCode }, {})
      const rules = { restartPolicy: 'Never' as const, restartPolicyRules: [onExit(operator, value)] }
      await node.write('web.json', aManifest('web', { restartPolicy: 'Never', containers: [container(rules)] }))
      expect(node.file('web.json').message).toBe('')
      await node.pass(20_000)
      expect(node.runtime.callsOf('startContainer')).toHaveLength(starts)
    },
  )

  it('given a rule for an init container, then the exit code decides whether the pod is over', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('setup', { exitAfterMs: 1000, exitCode: 42 }, { exitAfterMs: 1000, exitCode: 7 })
    const setup = container({ name: 'setup', restartPolicy: 'Never', restartPolicyRules: [onExit('In', 42)] })
    await node.write('web.json', aManifest('web', { initContainers: [setup] }))
    await node.pass(1500)
    expect(node.container('setup').restartCount).toBe(1)
    expect(node.pod('web').status?.phase).toBe('Pending')
    await node.pass(2000)
    expect(node.pod('web').status?.phase).toBe('Failed')
    expect(node.container('c').state.waiting?.reason).toBe('PodInitializing')
  })

  it('given a probe that fails and a container with policy Never, then it is ended for good and the others go on', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exec: () => ({ exitCode: 1 }) })
    const livenessProbe = { exec: { command: ['check'] }, periodSeconds: 1, failureThreshold: 1 }
    const containers = [container({ restartPolicy: 'Never', livenessProbe }), container({ name: 'other' })]
    await node.write('web.json', aManifest('web', { containers }))
    await node.pass(20_000)
    const killing = node.timeline().filter((entry) => entry.reason === 'Killing')
    expect(killing.map((entry) => entry.message)).toEqual(['Container c failed liveness probe'])
    expect(node.container('c')).toMatchObject({ restartCount: 0, state: { terminated: {} } })
    expect(node.container('other').ready).toBe(true)
  })
})
