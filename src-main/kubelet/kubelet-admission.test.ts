/** Node admission through the whole kubelet: what is refused, what becomes of it, and who has to make room. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Pod } from '../common/api/core.ts'
import { CriError } from '../container-runtime/cri.ts'
import type { PodSandboxConfig } from '../container-runtime/cri.ts'
import { aManifest, newTestKubelet } from './testing/new-test-kubelet.ts'
import type { TestKubelet } from './testing/new-test-kubelet.ts'

/** The node has two cores. */
function asking(cpu: string, more: Partial<Pod['spec']> = {}): Partial<Pod['spec']> {
  return { containers: [{ name: 'c', image: 'busybox:1.36', resources: { requests: { cpu } } }], ...more }
}

function startedPods(node: TestKubelet): string[] {
  return node.runtime
    .callsOf('runPodSandbox')
    .map(({ args: [config] }) => (config as { metadata: { name: string } }).metadata.name)
}

const NO_ROOM =
  'Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods to preempt: no set of running pods found to reclaim resources: [(res: cpu, q: 500), ]'

describe('a pod that the node refuses', () => {
  it('given a node selector that does not match, then the pod is Failed with that reason, and never starts', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web', { nodeSelector: { disk: 'ssd' } }))
    await node.pass(120_000)
    const words = "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"
    expect(node.pod('web').status).toEqual({
      phase: 'Failed',
      reason: 'NodeAffinity',
      message: `Pod was rejected: ${words}`,
      startTime: '2026-01-01T00:00:00Z',
      qosClass: 'BestEffort',
    })
    expect(node.timeline().filter(({ reason }) => reason === 'NodeAffinity')).toMatchObject([
      { type: 'Warning', subject: 'pod', message: words, pod: { name: 'web-node01' } },
    ])
    expect(node.log.filter((line) => line.includes('Pod admission denied'))).toHaveLength(1)
    expect(startedPods(node)).toEqual([])
    expect(node.file('web.json')).toMatchObject({
      state: 'accepted',
      explanation: 'A pod follows from this manifest; its status says what became of it.',
    })
  })

  it('given it, when its manifest is mended, then the new pod runs; when the file goes, then nothing is left', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web', { nodeSelector: { disk: 'ssd' } }))
    await node.write('web.json', aManifest('web', { nodeSelector: { 'kubernetes.io/os': 'linux' } }))
    expect(node.kubelet.pods()).toHaveLength(1)
    expect(node.pod('web').status).toMatchObject({ phase: 'Running' })
    await node.write('web.json', aManifest('web', { nodeSelector: { disk: 'ssd' } }))
    await node.pass(1000)
    expect(node.podNames()).toEqual(['web-node01'])
    expect(node.pod('web').status).toMatchObject({ phase: 'Failed', reason: 'NodeAffinity' })
    await node.remove('web.json')
    expect(node.podNames()).toEqual([])
    expect(node.reasons().slice(-2)).toEqual(['PodRemoved', 'PodGone'])
  })

  it('given a fixed uid, when its manifest is mended, then it stays refused: an update is not admitted again', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web', { nodeSelector: { disk: 'ssd' } }, { uid: 'fixed' }))
    await node.write('web.json', aManifest('web', {}, { uid: 'fixed' }))
    await node.pass(120_000)
    expect(node.pod('web').status).toMatchObject({ phase: 'Failed', reason: 'NodeAffinity' })
    await node.restartKubelet()
    expect(node.pod('web').status).toMatchObject({ phase: 'Running' })
  })

  it('given it is made anew before it was cleaned up, then it is judged anew', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web', { nodeSelector: { disk: 'ssd' } }, { uid: 'fixed' }))
    await node.recreate('web.json', aManifest('web', { nodeSelector: { disk: 'hdd' } }, { uid: 'fixed' }))
    await node.pass(1000)
    expect(node.pod('web').status).toMatchObject({ phase: 'Failed', reason: 'NodeAffinity' })
    await node.recreate('web.json', aManifest('web', {}, { uid: 'fixed' }))
    await node.pass(1000)
    expect(node.pod('web').status?.phase).toBe('Running')
  })

  it('given no room, when room becomes free, then it stays refused until the kubelet restarts', async () => {
    await using node = await newTestKubelet()
    await node.write('big.json', aManifest('big', asking('1500m')))
    await node.write('more.json', aManifest('more', asking('1')))
    expect(node.pod('more').status).toMatchObject({
      phase: 'Failed',
      reason: 'UnexpectedAdmissionError',
      message: `Pod was rejected: ${NO_ROOM}`,
    })
    await node.remove('big.json')
    await node.pass(60_000)
    expect(node.pod('more').status?.phase).toBe('Failed')
    await node.restartKubelet()
    expect(node.pod('more').status).toMatchObject({ phase: 'Running' })
    expect(startedPods(node)).toEqual(['big-node01', 'more-node01'])
  })

  it('given it is refused, then it takes no room itself, nor does a pod that has ended', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exitAfterMs: 1000 }, {})
    await node.write('job.json', aManifest('job', asking('2', { restartPolicy: 'Never' })))
    await node.write('refused.json', aManifest('refused', asking('2')))
    await node.pass(2000)
    expect(node.pod('job').status?.phase).toBe('Succeeded')
    await node.write('web.json', aManifest('web', asking('2')))
    expect(node.pod('refused').status?.phase).toBe('Failed')
    expect(node.pod('web').status?.phase).toBe('Running')
  })

  it('given two pods that want one port of the node, then the second is refused', async () => {
    await using node = await newTestKubelet()
    const containers = [{ name: 'c', image: 'busybox:1.36', ports: [{ containerPort: 80 }] }]
    await node.write('first.json', aManifest('first', { hostNetwork: true, containers }))
    await node.write('second.json', aManifest('second', { hostNetwork: true, containers }))
    expect(node.pod('first').status?.phase).toBe('Running')
    expect(node.pod('second').status).toMatchObject({ phase: 'Failed', reason: 'NodePorts' })
  })

  it('given an init container with a port that another pod opens, then both run: it is gone when the port would open', async () => {
    await using node = await newTestKubelet()
    const ports = [{ containerPort: 80, hostPort: 80 }]
    const container = { name: 'c', image: 'busybox:1.36' }
    const sidecar = {
      ...container,
      name: 's',
      restartPolicy: 'Always' as const,
      ports: [{ containerPort: 81, hostPort: 81 }],
    }
    node.runtime.behave('i', { exitAfterMs: 10 })
    const initContainers = [{ ...container, name: 'i', ports }, sidecar]
    await node.write('first.json', aManifest('first', { initContainers, containers: [container] }))
    await node.write('second.json', aManifest('second', { containers: [{ ...container, ports }] }))
    await node.pass(1000)
    expect(node.kubelet.pods().map(({ status }) => status?.phase)).toEqual(['Running', 'Running'])
    const opened = node.runtime
      .callsOf('runPodSandbox')
      .map(({ args: [config] }) => (config as PodSandboxConfig).portMappings)
    expect(opened).toMatchObject([[{ hostPort: 81 }], [{ hostPort: 80 }]])
  })

  it('given a pod that counts as deleted and never starts, then its port and its room are free for others', async () => {
    await using node = await newTestKubelet()
    const containers = [
      {
        name: 'c',
        image: 'busybox:1.36',
        ports: [{ containerPort: 80, hostPort: 80 }],
        resources: { requests: { cpu: '2' } },
      },
    ]
    await node.write('dead.json', aManifest('dead', { containers }, { deletionTimestamp: '2026-01-01T00:00:00Z' }))
    await node.write('web.json', aManifest('web', { containers }))
    expect(node.pod('web').status?.phase).toBe('Running')
  })

  it('given as many pods as the node may have, then one more is refused', async () => {
    await using node = await newTestKubelet({ allocatablePods: 1 })
    await node.write('a.json', aManifest('a'))
    await node.write('b.json', aManifest('b'))
    expect(node.pod('b').status?.message).toContain('[(res: pods, q: 1), ]')
  })
})

describe('the sample shelf', () => {
  it('given a laptop of two cores, then every pod of it is admitted', async () => {
    await using node = await newTestKubelet()
    const shelf = join(import.meta.dirname, '../../resources/manifests')
    for (const name of readdirSync(shelf)) await node.write(name, readFileSync(join(shelf, name), 'utf8'))
    const pods = node.kubelet.pods()
    expect(pods.length).toBeGreaterThan(4)
    expect(pods.filter(({ status }) => status?.message?.startsWith('Pod was rejected') === true)).toEqual([])
  })
})

describe('a kubelet that starts on a full node', () => {
  it('given a runtime that is away, then its pods are shown all the same, and wait', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    await node.stopKubelet()
    node.runtime.failNext('listPodSandbox', new CriError('Unavailable', 'no runtime'), 100)
    await node.startKubelet()
    expect(node.podNames()).toEqual(['web-node01'])
    expect(node.pod('web').status?.phase).toBe('Pending')
  })

  it('given a refused file that sorts before the running one, then what runs keeps its place', async () => {
    await using node = await newTestKubelet()
    await node.write('z.json', aManifest('z', asking('1500m')))
    await node.write('a.json', aManifest('a', asking('1')))
    await node.restartKubelet()
    await node.pass(5000)
    expect(node.pod('a').status).toMatchObject({ phase: 'Failed', reason: 'UnexpectedAdmissionError' })
    expect(node.pod('z').status?.phase).toBe('Running')
    expect(node.container('c', 'z').restartCount).toBe(0)
    expect(startedPods(node)).toEqual(['z-node01'])
  })

  it('given a runtime that cannot be listed at first, when it can, then what runs keeps its place all the same', async () => {
    await using node = await newTestKubelet()
    await node.write('z.json', aManifest('z', asking('1500m')))
    await node.write('a.json', aManifest('a', asking('1')))
    await node.stopKubelet()
    node.runtime.failNext('listPodSandbox', new CriError('Unavailable', 'no runtime'), 2)
    await node.startKubelet()
    expect(node.podNames()).toEqual(['a-node01', 'z-node01'])
    await node.pass(10_000)
    expect(node.pod('a').status).toMatchObject({ phase: 'Failed', reason: 'UnexpectedAdmissionError' })
    expect(node.pod('z').status?.phase).toBe('Running')
    expect(node.runtime.callsOf('stopContainer')).toEqual([])
  })

  it('given a pod that ran its course, then it takes no place and keeps its end', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exitAfterMs: 1000 }, {})
    await node.write('job.json', aManifest('job', asking('2', { restartPolicy: 'Never' })))
    await node.pass(2000)
    await node.write('web.json', aManifest('web', asking('2')))
    await node.restartKubelet()
    expect(node.pod('job').status?.phase).toBe('Succeeded')
    expect(node.pod('web').status?.phase).toBe('Running')
  })

  it('given a pod that runs and does not fit any more, then it is refused and its containers end as orphans do', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web', { nodeSelector: { 'kubernetes.io/os': 'linux' } }, { uid: 'fixed' }))
    await node.stopKubelet()
    await node.write('web.json', aManifest('web', { nodeSelector: { disk: 'ssd' } }, { uid: 'fixed' }))
    await node.startKubelet()
    await node.pass(5000)
    expect(node.pod('web').status).toMatchObject({ phase: 'Failed', reason: 'NodeAffinity' })
    expect(node.pod('web').status).not.toHaveProperty('containerStatuses')
    expect(node.runtime.callsOf('stopContainer')).toMatchObject([{ args: [expect.any(String), 1] }])
    await node.remove('web.json')
    await node.pass(100)
    expect(node.podNames()).toEqual([])
    expect(await node.runtime.listContainers()).toEqual([])
  })
})

describe('a pod of a higher written priority', () => {
  it('given no room, then the lower one ends as Preempting, and the higher one starts after it', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { onTerm: { exitCode: 0, afterMs: 3000 } }, {})
    await node.write('low.json', aManifest('low', asking('1500m', { priority: 10 })))
    await node.write('high.json', aManifest('high', asking('1', { priority: 1000 })))
    expect(node.pod('high').status?.phase ?? 'Pending').toBe('Pending')
    expect(startedPods(node)).toEqual(['low-node01'])
    await node.pass(5000)
    expect(node.pod('low').status).toMatchObject({
      phase: 'Failed',
      reason: 'Preempting',
      message: 'Preempted in order to admit critical pod',
      conditions: expect.arrayContaining([
        expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet' }),
      ]) as unknown,
    })
    expect(node.pod('high').status?.phase).toBe('Running')
    expect(node.timeline().filter(({ reason }) => reason === 'Preempting')).toMatchObject([
      { type: 'Warning', pod: { name: 'low-node01' } },
    ])
    await node.pass(120_000)
    expect(node.pod('low').status?.phase).toBe('Failed')
  })

  it('given the lower one is within a hook that takes an hour, then that is given up', async () => {
    await using node = await newTestKubelet()
    const lifecycle = { postStart: { sleep: { seconds: 3600 } } }
    const resources = { requests: { cpu: '2' } }
    const containers = [{ name: 'c', image: 'busybox:1.36', lifecycle, resources }]
    await node.write('low.json', aManifest('low', { priority: 10, terminationGracePeriodSeconds: 7200, containers }))
    await node.write('high.json', aManifest('high', asking('2', { priority: 1000 })))
    await node.pass(60_000)
    expect(node.pod('low').status).toMatchObject({ phase: 'Failed', reason: 'Preempting' })
    expect(node.pod('high').status?.phase).toBe('Running')
  })

  it('given the higher one was refused before and is made anew, then it, too, starts after the lower one', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { onTerm: { exitCode: 0, afterMs: 3000 } }, {})
    await node.write('low.json', aManifest('low', asking('2', { priority: 10 })))
    const asked = asking('2', { priority: 1000 })
    await node.write('high.json', aManifest('high', { ...asked, nodeSelector: { disk: 'ssd' } }, { uid: 'fixed' }))
    await node.recreate('high.json', aManifest('high', asked, { uid: 'fixed' }))
    await node.pass(1000)
    expect(startedPods(node)).toEqual(['low-node01'])
    await node.pass(3000)
    expect(node.pod('high').status?.phase).toBe('Running')
  })

  it('given it was preempted, when its file goes, then it is cleaned up', async () => {
    await using node = await newTestKubelet()
    await node.write('low.json', aManifest('low', asking('2', { priority: 10 })))
    await node.write('high.json', aManifest('high', asking('2', { priority: 1000 })))
    await node.pass(1000)
    await node.remove('low.json')
    await node.pass(1000)
    expect(node.podNames()).toEqual(['high-node01'])
  })
  it('given it was preempted, when the node is empty and its file is made anew, then it runs again', async () => {
    await using node = await newTestKubelet()
    await node.write('low.json', aManifest('low', asking('2', { priority: 10 })))
    await node.write('high.json', aManifest('high', asking('2', { priority: 1000 })))
    await node.pass(1000)
    await node.remove('high.json')
    await node.pass(1000)
    expect(node.pod('low').status).toMatchObject({ phase: 'Failed', reason: 'Preempting' })
    await node.recreate('low.json', aManifest('low', asking('2', { priority: 10 })))
    await node.pass(1000)
    expect(node.pod('low').status?.phase).toBe('Running')
  })
})
