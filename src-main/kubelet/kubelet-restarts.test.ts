/** Crashes, back-off, restart policies, init containers, deadlines: the pod's containers over time. */
import { describe, expect, it } from 'vitest'
import type { Pod } from '../common/api/core.ts'
import { CriError } from '../container-runtime/cri.ts'
import { aManifest, newTestKubelet } from './testing/new-test-kubelet.ts'
import type { TestKubelet } from './testing/new-test-kubelet.ts'

function withPolicy(restartPolicy: NonNullable<Pod['spec']['restartPolicy']>): Pod {
  return aManifest('job', { restartPolicy })
}

/** Only lists tell what happens then. */
function withoutEvents(node: TestKubelet): void {
  node.runtime.failNext('getContainerEvents', new CriError('Unimplemented', 'no events here'), 1000)
  node.runtime.breakEventStreams()
}

/** Seconds from each exit to the following start, as the runtime saw them. */
function restartGaps(node: TestKubelet, exitAfterMs: number): number[] {
  const starts = node.runtime.callsOf('startContainer').map((call) => call.atMs)
  return starts.slice(1).map((start, index) => (start - (starts[index] ?? 0) - exitAfterMs) / 1000)
}

describe('crash back-off', () => {
  it('given a container that crashes again and again, then it waits 0, 10, 20, 40, 80, 160, 300, 300 s', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exitAfterMs: 1000, exitCode: 1 })
    await node.write('crash.json', aManifest('crash'))
    await node.pass(1_000_000)
    expect(restartGaps(node, 1000).slice(0, 8)).toEqual([0, 10, 20, 40, 80, 160, 300, 300])
  })

  it('given exit code 0 with policy Always, then the waits are the same', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exitAfterMs: 1000, exitCode: 0 })
    await node.write('done.json', aManifest('done'))
    await node.pass(80_000)
    expect(restartGaps(node, 1000).slice(0, 4)).toEqual([0, 10, 20, 40])
  })

  it('given a second crash, then it waits in CrashLoopBackOff with the words of a kubelet', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exitAfterMs: 1000, exitCode: 3 })
    await node.write('crash.json', aManifest('crash'))
    await node.pass(2000)
    const { uid } = node.pod('crash').metadata
    expect(node.container()).toMatchObject({
      restartCount: 1,
      ready: false,
      started: false,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: `back-off 10s restarting failed container=c pod=crash-node01_default(${uid})`,
        },
      },
      lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    })
    expect(node.pod('crash').status?.phase).toBe('Running')
    const ready = node.pod('crash').status?.conditions?.find((condition) => condition.type === 'Ready')
    expect(ready).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [c]',
    })
    const entry = node.timeline().findLast((candidate) => candidate.reason === 'BackOff')
    expect(entry).toMatchObject({
      type: 'Warning',
      message: `Back-off restarting failed container c in pod crash-node01_default(${uid})`,
      details: { delaySeconds: 10 },
    })
    await node.pass(10_000)
    const started = node.timeline().findLast((candidate) => candidate.reason === 'Started')
    expect(started).toMatchObject({ cause: 'BackOffExpired', details: { restartCount: 2 } })
  })

  it('given a wait of minutes, then one BackOff entry tells of it', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exitAfterMs: 1000, exitCode: 1 })
    await node.write('crash.json', aManifest('crash'))
    await node.pass(600_000)
    const backOffs = node.timeline().filter((entry) => entry.reason === 'BackOff')
    expect(backOffs.map((entry) => entry.details?.['delaySeconds'])).toEqual([10, 20, 40, 80, 160, 300])
  })

  it('given a run of more than 600 s, when it crashes, then it is restarted at once and the ladder begins anew', async () => {
    await using node = await newTestKubelet()
    const crash = { exitAfterMs: 1000, exitCode: 1 }
    node.runtime.behave('c', crash, crash, { exitAfterMs: 660_000, exitCode: 1 }, crash, {})
    await node.write('crash.json', aManifest('crash'))
    await node.pass(800_000)
    const starts = node.runtime.callsOf('startContainer').map((call) => call.atMs)
    expect((starts[3] ?? 0) - (starts[2] ?? 0)).toBe(660_000)
    expect((starts[4] ?? 0) - (starts[3] ?? 0)).toBe(11_000)
  })

  it('given a run of 400 s, when it crashes, then it waits the next rung', async () => {
    await using node = await newTestKubelet()
    const crash = { exitAfterMs: 1000, exitCode: 1 }
    node.runtime.behave('c', crash, crash, { exitAfterMs: 400_000, exitCode: 1 }, {})
    await node.write('crash.json', aManifest('crash'))
    await node.pass(600_000)
    const starts = node.runtime.callsOf('startContainer').map((call) => call.atMs)
    expect((starts[3] ?? 0) - (starts[2] ?? 0)).toBe(420_000)
  })

  it('given an edited manifest, then the new pod does not wait for the old one', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exitAfterMs: 1000, exitCode: 1 })
    await node.write('crash.json', aManifest('crash'))
    await node.pass(30_000)
    node.runtime.behave('c', {})
    await node.write('crash.json', aManifest('crash', {}, { labels: { mended: 'yes' } }))
    expect(node.container()).toMatchObject({ restartCount: 0, ready: true })
  })

  it('given a kill -9 of a long-running container, then it runs again at once with restartCount 1', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    await node.pass(30_000)
    node.runtime.exitContainer(node.runtime.findContainer('c')?.id ?? '', 137)
    await node.pass(0)
    expect(node.container()).toMatchObject({ restartCount: 1, ready: true })
    expect(node.container().lastState.terminated).toMatchObject({ exitCode: 137, reason: 'Error' })
    expect(node.timeline().findLast((entry) => entry.reason === 'Started')?.cause).toBe('ContainerExited')
  })

  it('given a container that dies before the look after its start, then its restart does not wait for another look', async () => {
    await using node = await newTestKubelet()
    withoutEvents(node)
    node.runtime.setLatency('listContainers', 50)
    node.runtime.behave('c', { exitAfterMs: 10, exitCode: 1 })
    await node.write('crash.json', aManifest('crash'))
    await node.pass(2000)
    expect(node.container().state.waiting?.reason).toBe('CrashLoopBackOff')
    expect(node.container().restartCount).toBe(1)
  })

  it('given a container that dies before the look after its start, then its last state is shown all the same', async () => {
    await using node = await newTestKubelet()
    node.runtime.setLatency('listContainers', 20)
    node.runtime.setLatency('containerStatus', 20)
    node.runtime.behave('c', { exitAfterMs: 10, exitCode: 1 })
    const withoutLastState = new Set<string>()
    node.kubelet.onDidChange(() => {
      for (const { status } of node.kubelet.pods())
        for (const { restartCount, state, lastState } of status?.containerStatuses ?? [])
          if (restartCount > 0 && lastState.terminated === undefined) withoutLastState.add(JSON.stringify(state))
    })
    await node.write('crash.json', aManifest('crash'))
    await node.pass(20_000)
    expect(node.container().restartCount).toBe(2)
    expect([...withoutLastState]).toEqual([])
  })

  it('given many crashes, then only one dead instance is kept', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exitAfterMs: 1000, exitCode: 1 })
    await node.write('crash.json', aManifest('crash'))
    await node.pass(100_000)
    expect(node.runtime.population.containers).toBeLessThanOrEqual(2)
  })
})

describe('restart policy', () => {
  it.each([
    ['Never', 0, 'Succeeded', 1],
    ['Never', 3, 'Failed', 1],
    ['OnFailure', 0, 'Succeeded', 1],
    ['OnFailure', 3, 'Running', 2],
    ['Always', 0, 'Running', 2],
  ] as const)(
    'given %s, when it exits with %d, then the phase is %s after %d starts',
    async (policy, exitCode, phase, starts) => {
      await using node = await newTestKubelet()
      node.runtime.behave('c', { exitAfterMs: 2000, exitCode }, {})
      await node.write('job.json', withPolicy(policy))
      await node.pass(30_000)
      expect(node.pod('job').status?.phase).toBe(phase)
      expect(node.runtime.callsOf('startContainer')).toHaveLength(starts)
    },
  )

  it('given a pod that completed, then its sandbox is stopped, it stays listed, and goes with its file', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exitAfterMs: 2000 })
    await node.write('job.json', withPolicy('Never'))
    await node.pass(5000)
    expect(node.runtime.callsOf('stopPodSandbox').length).toBeGreaterThan(0)
    expect(node.pod('job').status?.conditions?.find((one) => one.type === 'Ready')?.reason).toBe('PodCompleted')
    await node.pass(120_000)
    expect(node.podNames()).toEqual(['job-node01'])
    await node.remove('job.json')
    await node.pass(100)
    expect(node.podNames()).toEqual([])
    expect(node.runtime.population).toEqual({ sandboxes: 0, containers: 0 })
  })

  it('given a memory kill, then the state says OOMKilled', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exitAfterMs: 2000, oomKilled: true })
    await node.write('job.json', withPolicy('Never'))
    await node.pass(5000)
    expect(node.container().state.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' })
  })
})

describe('the sandbox', () => {
  it('given a killed sandbox, then a new one with new containers follows at once', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    await node.pass(30_000)
    node.runtime.killSandbox(node.kubelet.runtimePod(node.pod('web').metadata.uid ?? '').sandboxes[0]?.id ?? '')
    await node.pass(0)
    expect(
      node.runtime
        .callsOf('runPodSandbox')
        .map((call) => (call.args[0] as { metadata: { attempt: number } }).metadata.attempt),
    ).toEqual([0, 1])
    expect(node.container()).toMatchObject({ restartCount: 1, ready: true })
    expect(node.timeline().find((entry) => entry.reason === 'SandboxChanged')?.message).toBe(
      'Pod sandbox changed, it will be killed and re-created.',
    )
  })

  it('given policy Never and a killed sandbox, then nothing is made again', async () => {
    await using node = await newTestKubelet()
    await node.write('job.json', withPolicy('Never'))
    node.runtime.killSandbox(node.kubelet.runtimePod(node.pod('job').metadata.uid ?? '').sandboxes[0]?.id ?? '')
    await node.pass(60_000)
    expect(node.runtime.callsOf('runPodSandbox')).toHaveLength(1)
    expect(node.pod('job').status?.phase).toBe('Failed')
  })

  it('given a sandbox that cannot be made, then a Warning tells why, and it is tried again', async () => {
    await using node = await newTestKubelet()
    node.runtime.failNext('runPodSandbox', new CriError('Unknown', 'no free address'))
    await node.write('web.json', aManifest('web'))
    expect(node.timeline().find((entry) => entry.reason === 'FailedCreatePodSandBox')).toMatchObject({
      type: 'Warning',
      message: 'Failed to create pod sandbox: rpc error: code = Unknown desc = no free address',
    })
    expect(node.container().state.waiting?.reason).toBe('ContainerCreating')
    await node.pass(10_000)
    expect(node.pod('web').status?.phase).toBe('Running')
  })
})

describe('init containers', () => {
  const spec = {
    initContainers: [
      { name: 'one', image: 'busybox:1.36' },
      { name: 'two', image: 'busybox:1.36' },
    ],
  }

  it('given two init containers, then they run one after another before the app starts', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('one', { exitAfterMs: 2000 })
    node.runtime.behave('two', { exitAfterMs: 3000 })
    await node.write('web.json', aManifest('web', spec))
    expect(node.container('one').state.running).toBeDefined()
    expect(node.container('two').state.waiting?.reason).toBe('PodInitializing')
    expect(node.container('c').state.waiting?.reason).toBe('PodInitializing')
    const initialized = () => node.pod('web').status?.conditions?.find((one) => one.type === 'Initialized')
    expect(initialized()).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [one two]',
    })
    await node.pass(2000)
    expect(node.container('one')).toMatchObject({ ready: true, started: false })
    expect(node.container('two').state.running).toBeDefined()
    expect(node.pod('web').status?.phase).toBe('Pending')
    await node.pass(3000)
    expect(node.container('c').state.running).toBeDefined()
    expect(initialized()?.status).toBe('True')
    expect(node.pod('web').status?.phase).toBe('Running')
  })

  it('given init containers that end at once, then the next one does not wait for another look', async () => {
    await using node = await newTestKubelet()
    withoutEvents(node)
    node.runtime.setLatency('listContainers', 50)
    node.runtime.behave('one', { exitAfterMs: 10 })
    node.runtime.behave('two', { exitAfterMs: 10 })
    await node.write('web.json', aManifest('web', spec))
    await node.pass(1000)
    expect(node.container('c').state.running).toBeDefined()
  })

  it('given a failing init container, then it backs off and the pod stays Pending', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('one', { exitAfterMs: 1000, exitCode: 1 })
    await node.write('web.json', aManifest('web', spec))
    await node.pass(3000)
    expect(node.pod('web').status?.phase).toBe('Pending')
    expect(node.container('one').state.waiting?.reason).toBe('CrashLoopBackOff')
  })

  it('given a failing init container and policy Never, then the pod has Failed', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('one', { exitAfterMs: 1000, exitCode: 1 })
    await node.write('web.json', aManifest('web', { ...spec, restartPolicy: 'Never' }))
    await node.pass(3000)
    expect(node.pod('web').status?.phase).toBe('Failed')
    expect(node.runtime.callsOf('startContainer')).toHaveLength(1)
  })

  it('given a crash of the app, then init containers do not run again', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('one', { exitAfterMs: 100 })
    node.runtime.behave('two', { exitAfterMs: 100 })
    node.runtime.behave('c', { exitAfterMs: 5000, exitCode: 1 }, {})
    await node.write('web.json', aManifest('web', spec))
    await node.pass(10_000)
    expect(node.container('c')).toMatchObject({ restartCount: 1, ready: true })
    expect(node.container('one').restartCount).toBe(0)
  })

  it('given a killed sandbox, then init containers run again first', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('one', { exitAfterMs: 100 })
    node.runtime.behave('two', { exitAfterMs: 100 })
    await node.write('web.json', aManifest('web', spec))
    await node.pass(1000)
    node.runtime.killSandbox(node.kubelet.runtimePod(node.pod('web').metadata.uid ?? '').sandboxes[0]?.id ?? '')
    await node.pass(1000)
    expect(node.container('one').restartCount).toBe(1)
    expect(node.container('two').restartCount).toBe(1)
    expect(node.container('c')).toMatchObject({ restartCount: 1, ready: true })
  })

  it('given a sidecar, then the app starts beside it and the sidecar is restarted when it ends', async () => {
    await using node = await newTestKubelet()
    const sidecar = { name: 'side', image: 'busybox:1.36', restartPolicy: 'Always' as const }
    node.runtime.behave('side', { exitAfterMs: 5000, exitCode: 1 }, {})
    await node.write('web.json', aManifest('web', { initContainers: [sidecar] }))
    expect(node.container('side')).toMatchObject({ ready: true, started: true })
    expect(node.container('c').ready).toBe(true)
    await node.pass(6000)
    expect(node.container('side')).toMatchObject({ restartCount: 1, ready: true })
    expect(node.container('c').restartCount).toBe(0)
  })
})

describe('activeDeadlineSeconds', () => {
  it('given 10 s, then the pod is stopped and Failed with DeadlineExceeded, for good', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web', { activeDeadlineSeconds: 10 }))
    await node.pass(9000)
    expect(node.pod('web').status?.phase).toBe('Running')
    await node.pass(2000)
    expect(node.pod('web').status).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    })
    await node.pass(120_000)
    expect(node.runtime.callsOf('startContainer')).toHaveLength(1)
    await node.restartKubelet()
    await node.pass(5000)
    expect(node.pod('web').status?.reason).toBe('DeadlineExceeded')
    expect(node.runtime.callsOf('startContainer')).toHaveLength(1)
  })
})
