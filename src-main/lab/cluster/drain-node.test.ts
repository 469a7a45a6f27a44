import { beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import { CONFIG_MIRROR_ANNOTATION } from '../../common/api/kubelet-labels.ts'
import type { Node } from '../../common/api/node.ts'
import type { DrainOutcome } from '../../common/lab/drain-outcome.ts'
import { MemoryApi } from '../../kube/testing/memory-api.ts'
import { NODES, PODS } from '../../kube/resources.ts'
import { forbidden as forbiddenError, tooManyRequests } from '../../kube/status-error.ts'
import type { OnProgress } from '../lab-manager.ts'
import { HomeLayout } from '../store/home.ts'
import { LabStore } from '../store/lab-store.ts'
import { drainNode } from './drain-node.ts'

const NEEDS_ONE = 'The disruption budget shop needs 1 healthy pods and has 1 currently'

let clock: FakeClock
let api: MemoryApi
let cancel: AbortController
let steps: string[]
/** Pods whose budget says no. */
let guarded: Set<string>
/** Pods that an admission plug-in does not let go. */
let forbidden: Set<string>
/** How far it was, at each step that says so. */
let progress: number[]

beforeEach(async () => {
  clock = new FakeClock()
  api = new MemoryApi(() => clock.now())
  cancel = new AbortController()
  steps = []
  guarded = new Set()
  forbidden = new Set()
  progress = []
  api.createPart = (of, address, object) => {
    const cause = { reason: 'DisruptionBudget', message: NEEDS_ONE }
    if (guarded.has(address.name)) throw tooManyRequests('Cannot evict pod', 0, [cause])
    if (forbidden.has(address.name)) throw forbiddenError(of, address.name, 'not today')
    api.poke(of, address, { metadata: { deletionGracePeriodSeconds: 0 } })
    return object
  }
  await api.client().create<Node>(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node01' } })
})

async function addPod(name: string, metadata: Pod['metadata'] = {}, node = 'node01'): Promise<void> {
  const spec = { nodeName: node, containers: [{ name: 'main', image: 'busybox' }] }
  const pod: Pod & ApiObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', ...metadata },
    spec,
  }
  await api.client().create(PODS, pod)
}

const ownedBy = (kind: string, name: string): Pod['metadata'] => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: 'u', controller: true }],
})

function drain(podSelector?: string): Promise<DrainOutcome> {
  const openCluster = () => ({ ...api.client(), dispose: () => undefined })
  const context = { clock, openCluster, store: new LabStore(new HomeLayout('/nowhere')) }
  const report: OnProgress = ({ message, progress: part }) => {
    steps.push(message)
    if (part !== undefined) progress.push(part)
  }
  const target = { lab: 'default', node: 'node01', ...(podSelector !== undefined && { podSelector }) }
  return drainNode(context, target, { report, signal: cancel.signal })
}

const podsLeft = (): unknown[] => api.peekAll(PODS).map(({ metadata }) => metadata.name)

describe('given a node with a pod of each kind', () => {
  beforeEach(async () => {
    await addPod('web-node01', { ...ownedBy('Node', 'node01'), annotations: { [CONFIG_MIRROR_ANNOTATION]: 'h' } })
    await addPod('agent-1', ownedBy('DaemonSet', 'agent'))
    await addPod('shop-1', ownedBy('ReplicaSet', 'shop'))
    await addPod('by-hand')
    await addPod('shop-2', ownedBy('ReplicaSet', 'shop'), 'node02')
  })

  it('when it is drained, then it is cordoned, its ordinary pods are evicted, and all others are left and named', async () => {
    expect(await drain()).toEqual({
      evicted: ['default/shop-1', 'default/by-hand'],
      blocked: [],
      daemonSetPods: ['default/agent-1'],
      mirrorPods: ['default/web-node01'],
    })
    expect(podsLeft()).toEqual(['web-node01', 'agent-1', 'shop-2'])
    expect(api.peek(NODES, { name: 'node01' })).toMatchObject({ spec: { unschedulable: true } })
  })

  it('when it is drained of pods with a label, then all others are left, and not even named', async () => {
    await addPod('shop-3', { ...ownedBy('ReplicaSet', 'shop'), labels: { app: 'shop' } })
    expect(await drain('app in (shop, cart)')).toEqual({
      evicted: ['default/shop-3'],
      blocked: [],
      daemonSetPods: [],
      mirrorPods: [],
    })
    expect(podsLeft()).toEqual(['web-node01', 'agent-1', 'shop-1', 'by-hand', 'shop-2'])
  })

  it('when one is forbidden for another reason, then the others go all the same, and its words are told', async () => {
    forbidden.add('shop-1')
    const draining = drain()
    await clock.advance(60_000)
    expect(await draining).toMatchObject({
      evicted: ['default/by-hand'],
      blocked: [{ pod: 'default/shop-1', message: expect.stringContaining('not today') as string }],
    })
  })

  it('when a pod of its DaemonSet is finished, then that one is evicted', async () => {
    await addPod('agent-0', ownedBy('DaemonSet', 'agent'))
    api.poke(PODS, { namespace: 'default', name: 'agent-0' }, { status: { phase: 'Failed' } })
    expect(await drain()).toMatchObject({
      evicted: ['default/shop-1', 'default/by-hand', 'default/agent-0'],
      daemonSetPods: ['default/agent-1'],
    })
  })

  it('when it is under way, then it is told how much of it is done', async () => {
    await drain()
    expect(progress).toEqual([0, 0.5])
  })

  it('when a budget forbids one until another pod runs elsewhere, then it is asked again, and goes', async () => {
    guarded.add('shop-1')
    const draining = drain()
    await clock.advance(11_000)
    expect(podsLeft()).toContain('shop-1')
    expect(steps.at(-1)).toBe(`default/shop-1: ${NEEDS_ONE}`)
    guarded.clear()
    await clock.advance(5_000)
    expect(await draining).toMatchObject({ evicted: ['default/shop-1', 'default/by-hand'], blocked: [] })
  })

  it('when a budget never gives in, then it is said after a minute which, and the pod runs on', async () => {
    guarded.add('shop-1')
    const draining = drain()
    await clock.advance(60_000)
    expect(await draining).toMatchObject({
      evicted: ['default/by-hand'],
      blocked: [{ pod: 'default/shop-1', message: NEEDS_ONE }],
    })
    expect(podsLeft()).toContain('shop-1')
    expect(clock.pendingTimers).toBe(0)
  })

  it('when it is stopped half-way, then nobody is asked any more, and the node stays cordoned', async () => {
    guarded.add('shop-1')
    const draining = drain()
    await clock.advance(1_000)
    const ended = expect(draining).rejects.toThrow('enough')
    cancel.abort(new Error('enough'))
    await ended
    expect(podsLeft()).toContain('shop-1')
    expect(clock.pendingTimers).toBe(0)
    expect(api.peek(NODES, { name: 'node01' })).toMatchObject({ spec: { unschedulable: true } })
  })
})

describe('given an API server that does not answer', () => {
  it('when a node is to be drained, then that is said', async () => {
    api.stop()
    await expect(drain()).rejects.toMatchObject({ kind: 'Unavailable' })
  })

  it('when it goes away half-way, then nobody is asked any more', async () => {
    await addPod('shop-1')
    await addPod('shop-2')
    const evict = api.createPart
    api.createPart = (of, address, object) => {
      const answer = evict(of, address, object)
      api.stop()
      return answer
    }
    await expect(drain()).rejects.toMatchObject({ kind: 'Unavailable' })
    expect(podsLeft()).toEqual(['shop-2'])
  })
})
