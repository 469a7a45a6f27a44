import { beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import { CONFIG_MIRROR_ANNOTATION } from '../../common/api/kubelet-labels.ts'
import type { Node } from '../../common/api/node.ts'
import type { DrainOutcome } from '../../common/lab/drain-outcome.ts'
import { MemoryApi } from '../../kube/testing/memory-api.ts'
import { NODES, PODS } from '../../kube/resources.ts'
import { tooManyRequests } from '../../kube/status-error.ts'
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

beforeEach(async () => {
  clock = new FakeClock()
  api = new MemoryApi(() => clock.now())
  cancel = new AbortController()
  steps = []
  guarded = new Set()
  api.createPart = (of, address, object) => {
    const cause = { reason: 'DisruptionBudget', message: NEEDS_ONE }
    if (guarded.has(address.name)) throw tooManyRequests('Cannot evict pod', 0, [cause])
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

function drain(): Promise<DrainOutcome> {
  const openCluster = () => ({ ...api.client(), dispose: () => undefined })
  const context = { clock, openCluster, store: new LabStore(new HomeLayout('/nowhere')) }
  const report = ({ message }: { message: string }): void => void steps.push(message)
  return drainNode(context, { lab: 'default', node: 'node01' }, { report, signal: cancel.signal })
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
})
