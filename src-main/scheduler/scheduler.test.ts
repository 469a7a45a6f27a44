import { describe, expect, it } from 'vitest'
import { silentLogger } from '../base/logger.ts'
import { FakeClock, settle } from '../base/testing/fake-clock.ts'
import type { ApiObject } from '../common/api/api-object.ts'
import type { Pod } from '../common/api/core.ts'
import type { Node } from '../common/api/node.ts'
import { ConnectionError } from '../kube/api-client.ts'
import { EventRecorder } from '../kube/event-recorder.ts'
import { notFound } from '../kube/status-error.ts'
import { MemoryApi } from '../kube/testing/memory-api.ts'
import { Scheduler } from './scheduler.ts'
import { NODES, PODS } from '../kube/resources.ts'

function node(name: string, parts: Partial<Node['spec']> = {}): Node {
  const allocatable = { cpu: '2', memory: '1Gi', pods: '110' }
  const conditions = [{ type: 'Ready', status: 'True' as const }]
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    spec: { ...parts },
    status: { allocatable, capacity: allocatable, conditions },
  } as Node
}

function pod(name: string, spec: Partial<Pod['spec']> = {}): Pod & ApiObject {
  const container = { name: 'main', image: 'nginx' }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'default', name },
    spec: { schedulerName: 'default-scheduler', containers: [container], ...spec },
    status: { phase: 'Pending' },
  } as Pod & ApiObject
}

/** A scheduler and a server that binds as the real one does, unless `onBind` refuses. */
function newTestScheduler() {
  const clock = new FakeClock()
  const api = new MemoryApi(() => clock.now())
  const client = api.client()
  const bound: string[] = []
  let refusal: Error | undefined
  api.createPart = (of, { namespace = '', name }, object) => {
    if (refusal !== undefined) throw refusal
    const target = (object as unknown as { target: { name: string } }).target.name
    bound.push(`${name} on ${target}`)
    void client.patch(of, { namespace, name }, 'application/merge-patch+json', { spec: { nodeName: target } })
    return object
  }
  const events = new EventRecorder({ client, clock, logger: silentLogger, source: { component: 'default-scheduler' } })
  const scheduler = new Scheduler({
    client,
    clock,
    logger: silentLogger,
    events,
    random: () => 0,
    schedulerName: 'default-scheduler',
  })
  return {
    api,
    clock,
    client,
    scheduler,
    bound,
    refuseBinding(error: Error | undefined) {
      refusal = error
    },
    condition: async (name: string) =>
      (await client.get<Pod & ApiObject>(PODS, { namespace: 'default', name })).status?.conditions?.find(
        ({ type }) => type === 'PodScheduled',
      ),
    async dispose() {
      scheduler.dispose()
      await events.dispose()
    },
  }
}

describe('scheduler', () => {
  it('given pods without a node, when it starts, each is bound once, spread over the nodes', async () => {
    const { client, clock, scheduler, bound, dispose } = newTestScheduler()
    for (const name of ['node01', 'node02']) await client.create(NODES, node(name))
    for (const name of ['one', 'two']) await client.create(PODS, pod(name))
    scheduler.start()
    await clock.advance(60_000)
    expect(bound.map((words) => words.split(' on ')[0])).toEqual(['one', 'two'])
    expect(new Set(bound.map((words) => words.split(' on ')[1]))).toEqual(new Set(['node01', 'node02']))
    await dispose()
  })

  it('given pods that are known and nodes that are not, when time passes, it waits without timers that fire again and again', async () => {
    const { api, client, clock, scheduler, bound, dispose } = newTestScheduler()
    await client.create(NODES, node('node01'))
    await client.create(PODS, pod('web'))
    api.refuse = (verb, of) => (of.resource === 'nodes' ? notFound(of, '') : undefined)
    scheduler.start()
    // A timer of 0 ms that sets itself again never lets this return.
    await clock.advance(30_000)
    expect(bound).toEqual([])
    api.refuse = () => undefined
    await clock.advance(30_000)
    expect(bound).toEqual(['web on node01'])
    await dispose()
  })

  it.for([
    { what: 'nobody answers', error: new ConnectionError('connection refused') },
    { what: 'the server says no', error: new Error('internal') },
  ])('given a binding where $what, when its back-off is over, it is tried again', async ({ error }) => {
    const { client, clock, scheduler, bound, refuseBinding, dispose } = newTestScheduler()
    await client.create(NODES, node('node01'))
    await client.create(PODS, pod('web'))
    refuseBinding(error)
    scheduler.start()
    await clock.advance(100)
    expect(bound).toEqual([])
    refuseBinding(undefined)
    await clock.advance(2000)
    expect(bound).toEqual(['web on node01'])
    await dispose()
  })

  it('given a pod that no node can take, when one is added that can, it is told why first and bound then', async () => {
    const { client, clock, scheduler, bound, condition, dispose } = newTestScheduler()
    await client.create(NODES, node('controlplane', { taints: [{ key: 'reserved', effect: 'NoSchedule' }] }))
    await client.create(PODS, pod('web'))
    scheduler.start()
    await clock.advance(1000)
    expect(await condition('web')).toMatchObject({ status: 'False', reason: 'Unschedulable' })
    expect(bound).toEqual([])
    await client.create(NODES, node('node01'))
    await clock.advance(2000)
    expect(bound).toEqual(['web on node01'])
    await dispose()
  })

  it('given nodes with room for two pods, when a third comes at the same time, it waits until one is gone', async () => {
    const { client, clock, scheduler, bound, dispose } = newTestScheduler()
    await client.create(NODES, node('node01'))
    const resources = { requests: { cpu: '1' } }
    for (const name of ['one', 'two', 'three'])
      await client.create(PODS, pod(name, { containers: [{ name: 'main', image: 'nginx', resources }] }))
    scheduler.start()
    await clock.advance(1000)
    expect(bound).toHaveLength(2)
    const [first = ''] = bound[0]?.split(' on ') ?? []
    await client.delete(PODS, { namespace: 'default', name: first }, { gracePeriodSeconds: 0 })
    await clock.advance(10_000)
    expect(bound).toHaveLength(3)
    await dispose()
  })

  it.for([
    { what: 'of another scheduler', spec: { schedulerName: 'mine' } },
    { what: 'behind a gate', spec: { schedulingGates: [{ name: 'wait' }] } },
    { what: 'with a node', spec: { nodeName: 'node09' } },
  ])('given a pod $what, when time passes, it is left alone', async ({ spec }) => {
    const { client, clock, scheduler, bound, dispose } = newTestScheduler()
    await client.create(NODES, node('node01'))
    await client.create(PODS, pod('web', spec as Partial<Pod['spec']>))
    scheduler.start()
    await clock.advance(10 * 60_000)
    expect(bound).toEqual([])
    await dispose()
  })

  it('given pods that wait, when it is disposed of, no timer is left', async () => {
    const { client, clock, scheduler, dispose } = newTestScheduler()
    await client.create(PODS, pod('web'))
    scheduler.start()
    await clock.advance(1000)
    await dispose()
    await settle()
    expect(clock.pendingTimers).toBe(0)
  })
})
