import { afterEach, describe, expect, it } from 'vitest'
import type { Toleration } from '../../common/api/core.ts'
import type { Taint } from '../../common/api/node.ts'
import { NODES, PODS } from '../../kube/resources.ts'
import { internalError } from '../../kube/status-error.ts'
import { aNode, newTestNodes, type TestNodes } from '../testing/new-test-nodes.ts'
import { startTaintEviction } from './taint-eviction-controller.ts'

const MAINTENANCE: Taint = { key: 'maintenance', effect: 'NoExecute' }
const UNREACHABLE: Taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }
const NOT_READY: Taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' }

let cluster: TestNodes

/** One node, without taints. */
async function given(): Promise<void> {
  cluster = await newTestNodes([aNode('node01', 'True')])
}

async function taint(...taints: Taint[]): Promise<void> {
  await cluster.client.patch(NODES, { name: 'node01' }, 'application/merge-patch+json', { spec: { taints } })
  await cluster.clock.advance(0)
}

function tolerate({ key }: Taint, tolerationSeconds?: number): Toleration {
  const forSeconds = tolerationSeconds === undefined ? {} : { tolerationSeconds }
  return { key, operator: 'Exists', effect: 'NoExecute', ...forSeconds }
}

async function isGoing(name: string): Promise<boolean> {
  return (await cluster.findPod(name))?.metadata.deletionTimestamp !== undefined
}

const told = (): Promise<string[]> => cluster.events('TaintManagerEviction')
const MARKING = 'taint-eviction-controller TaintManagerEviction Marking for deletion Pod default/web'
const CANCELLING = 'taint-eviction-controller TaintManagerEviction Cancelling deletion of Pod default/web'

afterEach(async () => {
  await cluster.dispose()
  expect(cluster.clock.pendingTimers).toBe(0)
})

describe('taint eviction', () => {
  it('given a pod that tolerates nothing, when its node gets a taint, its status says why and it is deleted at once', async () => {
    await given()
    await cluster.addPod('web', 'node01')
    cluster.start(startTaintEviction)
    await taint(MAINTENANCE)
    const pod = await cluster.findPod('web')
    expect(pod?.metadata.deletionTimestamp).toBeDefined()
    expect(pod?.status?.conditions).toContainEqual({
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    })
    expect(await told()).toEqual([MARKING])
  })

  it('given taints that only keep pods from coming, when a node has them, its pods stay', async () => {
    await given()
    await cluster.addPod('web', 'node01')
    cluster.start(startTaintEviction)
    await taint({ ...MAINTENANCE, effect: 'NoSchedule' }, { ...MAINTENANCE, effect: 'PreferNoSchedule' })
    await cluster.pass(600)
    expect(await isGoing('web')).toBe(false)
  })

  it('given an ordinary pod, when its node is unreachable for 300 seconds and not before, it is deleted', async () => {
    await given()
    await cluster.addPod('web', 'node01', [tolerate(NOT_READY, 300), tolerate(UNREACHABLE, 300)])
    cluster.start(startTaintEviction)
    await taint(UNREACHABLE)
    await cluster.pass(299)
    expect(await isGoing('web')).toBe(false)
    expect(await told()).toEqual([])
    await cluster.pass(1)
    expect(await isGoing('web')).toBe(true)
  })

  it('given a pod that waits for its deletion, when the taint goes, it stays and an event says so', async () => {
    await given()
    await cluster.addPod('web', 'node01', [tolerate(UNREACHABLE, 300)])
    cluster.start(startTaintEviction)
    await taint(UNREACHABLE)
    await cluster.pass(100)
    await taint()
    await cluster.pass(600)
    expect(await isGoing('web')).toBe(false)
    expect(await told()).toEqual([CANCELLING])
  })

  it('given a pod that waits for its deletion, when its node is not ready in place of unreachable, its time runs on', async () => {
    await given()
    await cluster.addPod('web', 'node01', [tolerate(NOT_READY, 300), tolerate(UNREACHABLE, 300)])
    cluster.start(startTaintEviction)
    await taint(UNREACHABLE)
    await cluster.pass(200)
    await taint(NOT_READY)
    await cluster.pass(100)
    expect(await isGoing('web')).toBe(true)
    expect(await told()).toEqual([MARKING])
  })

  it('given a pod that waits for its deletion, when a taint comes that it does not tolerate, it is deleted at once', async () => {
    await given()
    await cluster.addPod('web', 'node01', [tolerate(UNREACHABLE, 300)])
    cluster.start(startTaintEviction)
    await taint(UNREACHABLE)
    await cluster.pass(10)
    await taint(UNREACHABLE, MAINTENANCE)
    expect(await isGoing('web')).toBe(true)
    expect(await told()).toEqual([CANCELLING, MARKING])
  })

  it('given two taints that are tolerated for different times, when the shorter one is over, the pod is deleted', async () => {
    await given()
    await cluster.addPod('web', 'node01', [tolerate(UNREACHABLE, 300), tolerate(MAINTENANCE, 60)])
    cluster.start(startTaintEviction)
    await taint(UNREACHABLE, MAINTENANCE)
    await cluster.pass(59)
    expect(await isGoing('web')).toBe(false)
    await cluster.pass(1)
    expect(await isGoing('web')).toBe(true)
  })

  it('given two tolerations of one taint, when it comes, the first of them counts', async () => {
    await given()
    await cluster.addPod('web', 'node01', [tolerate(UNREACHABLE), tolerate(UNREACHABLE, 5)])
    await cluster.addPod('other', 'node01', [tolerate(UNREACHABLE, 5), tolerate(UNREACHABLE)])
    cluster.start(startTaintEviction)
    await taint(UNREACHABLE)
    await cluster.pass(600)
    expect([await isGoing('web'), await isGoing('other')]).toEqual([false, true])
  })

  it('given a static pod and one of a DaemonSet, when their node is unreachable for good, they stay', async () => {
    await given()
    await cluster.addPod('static', 'node01', [{ operator: 'Exists', effect: 'NoExecute' }])
    await cluster.addPod('agent', 'node01', [tolerate(NOT_READY), tolerate(UNREACHABLE)])
    cluster.start(startTaintEviction)
    await taint(UNREACHABLE)
    await cluster.pass(3600)
    expect([await isGoing('static'), await isGoing('agent')]).toEqual([false, false])
    await taint(UNREACHABLE, MAINTENANCE)
    expect([await isGoing('static'), await isGoing('agent')]).toEqual([false, true])
  })

  it('given a tainted node, when a pod is bound to it, its time begins then', async () => {
    await given()
    cluster.start(startTaintEviction)
    await taint(UNREACHABLE)
    const { metadata } = await cluster.addPod('web', undefined, [tolerate(UNREACHABLE, 30)])
    await cluster.pass(100)
    const spec = { nodeName: 'node01' }
    const address = { namespace: 'default', name: metadata.name ?? '' }
    await cluster.client.patch(PODS, address, 'application/merge-patch+json', { spec })
    await cluster.pass(29)
    expect(await isGoing('web')).toBe(false)
    await cluster.pass(1)
    expect(await isGoing('web')).toBe(true)
  })

  it('given a pod that waits for its deletion, when it is made to tolerate the taint for good, it stays', async () => {
    await given()
    await cluster.addPod('web', 'node01', [tolerate(UNREACHABLE, 30)])
    cluster.start(startTaintEviction)
    await taint(UNREACHABLE)
    await cluster.pass(10)
    const spec = { tolerations: [tolerate(UNREACHABLE)] }
    const address = { namespace: 'default', name: 'web' }
    await cluster.client.patch(PODS, address, 'application/merge-patch+json', { spec })
    await cluster.pass(600)
    expect(await isGoing('web')).toBe(false)
    expect(await told()).toEqual([CANCELLING])
  })

  it('given pods whose time has begun, when the controller is started anew, their time begins anew', async () => {
    await given()
    await cluster.addPod('web', 'node01', [tolerate(UNREACHABLE, 300)])
    const first = cluster.start(startTaintEviction)
    await taint(UNREACHABLE)
    await cluster.pass(200)
    await first.dispose()
    cluster.start(startTaintEviction)
    await cluster.pass(290)
    expect(await isGoing('web')).toBe(false)
    await cluster.pass(20)
    expect(await isGoing('web')).toBe(true)
  })

  it('given a server that fails, when a pod is to be deleted, it is tried again until it goes and told once', async () => {
    await given()
    await cluster.addPod('web', 'node01')
    let failures = 10
    cluster.api.refuse = (verb) => (verb === 'DELETE' && failures-- > 0 ? internalError('try again') : undefined)
    cluster.start(startTaintEviction)
    await taint(MAINTENANCE)
    expect(await isGoing('web')).toBe(false)
    await cluster.pass(30)
    expect(await isGoing('web')).toBe(true)
    expect(await told()).toEqual([MARKING])
  })

  it('given a pod that waits for its deletion, when somebody deletes it and another takes its name, that one has its own time', async () => {
    await given()
    await cluster.addPod('web', 'node01', [tolerate(UNREACHABLE, 30)])
    cluster.start(startTaintEviction)
    await taint(UNREACHABLE)
    await cluster.pass(20)
    await cluster.client.delete(PODS, { namespace: 'default', name: 'web' }, { gracePeriodSeconds: 0 })
    await cluster.addPod('web', 'node01', [tolerate(UNREACHABLE, 30)])
    await cluster.pass(20)
    expect(await isGoing('web')).toBe(false)
    await cluster.pass(10)
    expect(await isGoing('web')).toBe(true)
    expect(await told()).toEqual([CANCELLING, MARKING])
  })
})
