/** Sidecars: init containers that stay (facts 2.4.3), and the order in which everything stops (facts 2.11.2). */
import { describe, expect, it } from 'vitest'
import type { Container } from '../common/api/core.ts'
import { aManifest, newTestKubelet } from './testing/new-test-kubelet.ts'
import type { TestKubelet } from './testing/new-test-kubelet.ts'

const sidecar = (name: string, more: Partial<Container> = {}): Container => ({
  name,
  image: 'busybox:1.36',
  restartPolicy: 'Always',
  ...more,
})

const startsOf = (node: TestKubelet): (string | undefined)[] =>
  node
    .timeline()
    .filter((entry) => entry.reason === 'Started')
    .map((entry) => entry.container)

/** Names of containers in the order of their stop signals, with the seconds that each is given. */
function stopsOf(node: TestKubelet): [string | undefined, unknown][] {
  const nameOf = new Map(
    node
      .timeline()
      .filter((entry) => entry.reason === 'Started')
      .map((entry) => [entry.details?.['containerId'], entry.container]),
  )
  return node.runtime.callsOf('stopContainer').map(({ args: [id, seconds] }) => [nameOf.get(String(id)), seconds])
}

describe('the start of sidecars', () => {
  it('given a sidecar with a startup probe, then what comes after it waits until the probe has passed', async () => {
    await using node = await newTestKubelet()
    let exitCode = 1
    node.runtime.behave('proxy', { exec: () => ({ exitCode }) })
    node.runtime.behave('setup', { exitAfterMs: 1000 })
    const startupProbe = { exec: { command: ['up'] }, periodSeconds: 1, failureThreshold: 30 }
    const setup = { name: 'setup', image: 'busybox:1.36' }
    await node.write('web.json', aManifest('web', { initContainers: [sidecar('proxy', { startupProbe }), setup] }))
    await node.pass(5000)
    expect(startsOf(node)).toEqual(['proxy'])
    expect(node.container('proxy')).toMatchObject({ started: false, ready: false })
    expect(node.pod('web').status?.phase).toBe('Pending')
    exitCode = 0
    await node.pass(3000)
    expect(startsOf(node)).toEqual(['proxy', 'setup', 'c'])
    expect(node.pod('web').status?.phase).toBe('Running')
  })

  it('given a sidecar that is not ready, then the pod is not Ready', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('proxy', { exec: () => ({ exitCode: 1 }) })
    const readinessProbe = { exec: { command: ['check'] } }
    await node.write('web.json', aManifest('web', { initContainers: [sidecar('proxy', { readinessProbe })] }))
    expect(node.container('c').ready).toBe(true)
    expect(node.pod('web').status?.conditions?.find((one) => one.type === 'Ready')).toMatchObject({
      status: 'False',
      message: 'containers with unready status: [proxy]',
    })
  })

  it('given an app that completes, then its sidecar goes as well and the pod has Succeeded', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exitAfterMs: 2000 })
    await node.write('job.json', aManifest('job', { restartPolicy: 'Never', initContainers: [sidecar('proxy')] }))
    await node.pass(5000)
    expect(node.pod('job').status?.phase).toBe('Succeeded')
    expect(node.container('proxy').state.terminated).toBeDefined()
  })
})

describe('the stop of sidecars', () => {
  it('given two sidecars, then they get their signal after the app has ended, the last one first, with what is left of the grace', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { onTerm: { exitCode: 0, afterMs: 4000 } })
    node.runtime.behave('second', { onTerm: { exitCode: 0, afterMs: 3000 } })
    await node.write('web.json', aManifest('web', { initContainers: [sidecar('first'), sidecar('second')] }))
    await node.remove('web.json')
    await node.pass(6000)
    expect(stopsOf(node)).toEqual([
      ['c', 30],
      ['second', 26],
    ])
    await node.pass(2000)
    expect(stopsOf(node).slice(2)).toEqual([['first', 23]])
    expect(node.podNames()).toEqual([])
  })

  it('given an app that uses the whole grace up, then its sidecar gets 2 s', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { onTerm: 'ignore' })
    const spec = { terminationGracePeriodSeconds: 5, initContainers: [sidecar('proxy')] }
    await node.write('web.json', aManifest('web', spec))
    await node.remove('web.json')
    await node.pass(6000)
    expect(stopsOf(node)).toEqual([
      ['c', 5],
      ['proxy', 2],
    ])
  })

  it('given a preStop of a sidecar, then it runs at once, beside the end of the app', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { onTerm: { exitCode: 0, afterMs: 4000 } })
    const lifecycle = { preStop: { exec: { command: ['drain'] } } }
    await node.write('web.json', aManifest('web', { initContainers: [sidecar('proxy', { lifecycle })] }))
    await node.remove('web.json')
    expect(node.runtime.callsOf('execSync').map((call) => call.args[1])).toEqual([['drain']])
    const killing = node.timeline().filter((entry) => entry.reason === 'Killing')
    expect(new Set(killing.map((entry) => entry.container))).toEqual(new Set(['c', 'proxy']))
    expect(stopsOf(node)).toEqual([['c', 30]])
    await node.pass(5000)
    expect(stopsOf(node)).toEqual([
      ['c', 30],
      ['proxy', 26],
    ])
  })
})
