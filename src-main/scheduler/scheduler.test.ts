import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { settle } from '../base/testing/fake-clock.ts'
import type { Event } from '../common/api/event.ts'
import { ConnectionError } from '../kube/api-client.ts'
import { EVENTS } from '../kube/event.ts'
import { NODES, PODS } from '../kube/resources.ts'
import { notFound } from '../kube/status-error.ts'
import { aNode, aWaitingPod, forNode, type PodParts } from './testing/cluster-builders.ts'
import { TestScheduler } from './testing/new-test-scheduler.ts'

let test: TestScheduler

beforeEach(() => {
  test = new TestScheduler()
})

afterEach(() => test.dispose())

const ONE_CORE = { requests: { cpu: '1' } }

function isHeartbeat(secondsSinceEpoch: number): object {
  const lastHeartbeatTime = new Date(secondsSinceEpoch * 1000).toISOString()
  return { status: { conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime }] } }
}

describe('scheduler', () => {
  it('given pods without a node, when it starts, each is bound once, spread over the nodes, and that is told', async () => {
    for (const name of ['node01', 'node02']) await test.client.create(NODES, aNode(name))
    for (const name of ['one', 'two']) await test.client.create(PODS, aWaitingPod(name))
    test.scheduler.start()
    await test.clock.advance(60_000)
    expect(test.bound).toEqual(['one on node01', 'two on node02'])
    expect(await test.events()).toEqual([
      'Normal Scheduled one: Successfully assigned default/one to node01',
      'Normal Scheduled two: Successfully assigned default/two to node02',
    ])
  })

  it('given pods of several priorities, when it starts, the most important is bound first', async () => {
    await test.client.create(NODES, aNode('node01'))
    for (const [name, priority] of [
      ['low', 1],
      ['high', 100],
      ['middle', 10],
    ] as const)
      await test.client.create(PODS, aWaitingPod(name, { priority }))
    test.scheduler.start()
    await test.clock.advance(1000)
    expect(test.bound).toEqual(['high on node01', 'middle on node01', 'low on node01'])
  })

  it('given a pod that cannot be looked at, when others wait too, then they are bound, and it is told and tried again', async () => {
    await test.client.create(NODES, aNode('node01'))
    const odd = aWaitingPod('odd', { priority: 10 })
    const nodeSelectorTerms = null as never
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } }
    await test.client.create(PODS, { ...odd, spec: { ...odd.spec, affinity } })
    await test.client.create(PODS, aWaitingPod('web'))
    test.scheduler.start()
    await test.clock.advance(1000)
    expect(test.bound).toEqual(['web on node01'])
    expect(await test.condition('odd')).toMatchObject({ status: 'False', reason: 'SchedulerError' })
    await test.client.create(PODS, aWaitingPod('later'))
    await test.clock.advance(60_000)
    expect(test.bound).toEqual(['web on node01', 'later on node01'])
  })

  it('given pods that are known and nodes that are not, when time passes, it waits without timers that fire again and again', async () => {
    await test.client.create(NODES, aNode('node01'))
    await test.client.create(PODS, aWaitingPod('web'))
    test.api.refuse = (_verb, of) => (of.resource === 'nodes' ? notFound(of, '') : undefined)
    test.scheduler.start()
    // A timer of 0 ms that sets itself again never lets this return.
    await test.clock.advance(30_000)
    expect(test.bound).toEqual([])
    test.api.refuse = () => undefined
    await test.clock.advance(30_000)
    expect(test.bound).toEqual(['web on node01'])
  })

  it('given no node at all, when one comes, the pod was told so, and is bound then', async () => {
    await test.client.create(PODS, aWaitingPod('web'))
    test.scheduler.start()
    await test.clock.advance(60_000)
    await test.client.create(NODES, aNode('node01'))
    await test.clock.advance(1000)
    expect(await test.events()).toEqual([
      'Warning FailedScheduling web: no nodes available to schedule pods',
      'Normal Scheduled web: Successfully assigned default/web to node01',
    ])
  })

  it('given a pod that no node can take, when one is added that can, it is told why first and bound then', async () => {
    await test.client.create(
      NODES,
      aNode('controlplane', { spec: { taints: [{ key: 'reserved', effect: 'NoSchedule' }] } }),
    )
    await test.client.create(PODS, aWaitingPod('web'))
    test.scheduler.start()
    await test.clock.advance(1000)
    expect(await test.condition('web')).toMatchObject({ status: 'False', reason: 'Unschedulable' })
    expect(test.bound).toEqual([])
    await test.client.create(NODES, aNode('node01'))
    await test.clock.advance(2000)
    expect(test.bound).toEqual(['web on node01'])
  })

  it('given nodes with room for two pods, when a third comes at the same time, it waits until one is gone', async () => {
    await test.client.create(NODES, aNode('node01'))
    for (const name of ['one', 'two', 'three']) await test.client.create(PODS, aWaitingPod(name, ONE_CORE))
    test.scheduler.start()
    await test.clock.advance(1000)
    expect(test.bound).toEqual(['one on node01', 'two on node01'])
    await test.client.delete(PODS, { namespace: 'default', name: 'one' }, { gracePeriodSeconds: 0 })
    await test.clock.advance(10_000)
    expect(test.bound).toEqual(['one on node01', 'two on node01', 'three on node01'])
  })

  it('given a pod that has ended, when another needs its room, it has it', async () => {
    await test.client.create(NODES, aNode('node01'))
    for (const name of ['one', 'two', 'three']) await test.client.create(PODS, aWaitingPod(name, ONE_CORE))
    test.scheduler.start()
    await test.clock.advance(1000)
    test.api.poke(PODS, { namespace: 'default', name: 'two' }, { status: { phase: 'Succeeded' } })
    await test.clock.advance(2000)
    expect(test.bound.at(-1)).toBe('three on node01')
  })

  it('given a pod that does not fit, when nodes only say that they are alive, it is not tried again', async () => {
    await test.client.create(NODES, aNode('node01'))
    await test.client.create(PODS, aWaitingPod('web', { requests: { cpu: '3' } }))
    test.scheduler.start()
    await test.clock.advance(1000)
    for (let second = 0; second < 120; second += 10) {
      test.api.poke(NODES, { name: 'node01' }, isHeartbeat(second))
      await test.clock.advance(10_000)
    }
    expect(attempts()).toBe(1)
    test.api.poke(NODES, { name: 'node01' }, { status: { allocatable: { cpu: '4' } } })
    await test.clock.advance(1000)
    expect(test.bound).toEqual(['web on node01'])
    expect(attempts()).toBe(2)
  })

  it.for<{ what: string; parts: PodParts }>([
    { what: 'of another scheduler', parts: { schedulerName: 'mine' } },
    { what: 'behind a gate', parts: { schedulingGates: [{ name: 'wait' }] } },
    { what: 'with a node', parts: { nodeName: 'node09' } },
  ])('given a pod $what, when time passes, it is left alone', async ({ parts }) => {
    await test.client.create(NODES, aNode('node01'))
    await test.client.create(PODS, aWaitingPod('web', parts))
    test.scheduler.start()
    await test.clock.advance(10 * 60_000)
    expect([test.bound, await test.events()]).toEqual([[], []])
  })

  it('given a pod behind a gate, when the gate is lifted, it is bound', async () => {
    await test.client.create(NODES, aNode('node01'))
    await test.client.create(PODS, aWaitingPod('web', { schedulingGates: [{ name: 'wait' }] }))
    test.scheduler.start()
    await test.clock.advance(1000)
    test.api.poke(PODS, { namespace: 'default', name: 'web' }, { spec: { schedulingGates: null } })
    await test.clock.advance(1000)
    expect(test.bound).toEqual(['web on node01'])
  })

  it('given pods that wait, when it is disposed of, no timer is left', async () => {
    await test.client.create(PODS, aWaitingPod('web'))
    test.scheduler.start()
    await test.clock.advance(1000)
    await test.dispose()
    await settle()
    expect(test.clock.pendingTimers).toBe(0)
  })
})

describe('names of schedulers', () => {
  it('given two profiles, when pods of three names come, then those of the two are bound, and each profile speaks for itself', async () => {
    await using two = new TestScheduler(['mine', 'default-scheduler'])
    await two.client.create(NODES, aNode('node01'))
    for (const schedulerName of ['mine', 'default-scheduler', 'others'])
      await two.client.create(PODS, aWaitingPod(`of-${schedulerName}`, { schedulerName }))
    two.scheduler.start()
    await two.clock.advance(1000)
    expect(two.bound).toEqual(['of-default-scheduler on node01', 'of-mine on node01'].toReversed())
    const { items } = await two.client.list<Event>(EVENTS)
    expect(
      items.map(({ source, involvedObject }) => `${source?.component}: ${involvedObject.name}`).toSorted(),
    ).toEqual(['default-scheduler: of-default-scheduler', 'mine: of-mine'])
  })
})

describe('binding', () => {
  it.for([
    { what: 'nobody answers', error: new ConnectionError('connection refused') },
    { what: 'the server says no', error: new Error('internal') },
  ])('given a binding where $what, when its back-off is over, it is tried again', async ({ error }) => {
    await test.client.create(NODES, aNode('node01'))
    await test.client.create(PODS, aWaitingPod('web'))
    test.refusal = error
    test.scheduler.start()
    await test.clock.advance(100)
    expect(test.bound).toEqual([])
    expect(await test.condition('web')).toMatchObject({
      reason: 'SchedulerError',
      message: `running Bind plugin "DefaultBinder": ${error.message}`,
    })
    test.refusal = undefined
    await test.clock.advance(2000)
    expect(test.bound).toEqual(['web on node01'])
  })

  it('given a binding that fails, when another pod waits for that room, it gets it', async () => {
    await test.client.create(NODES, aNode('node01'))
    await test.client.create(PODS, aWaitingPod('first', { ...ONE_CORE, requests: { cpu: '2' }, priority: 5 }))
    await test.client.create(PODS, aWaitingPod('second', ONE_CORE))
    test.refusal = new Error('internal')
    test.scheduler.start()
    await test.clock.advance(500)
    test.refusal = undefined
    await test.client.delete(PODS, { namespace: 'default', name: 'first' })
    await test.clock.advance(3000)
    expect(test.bound).toEqual(['second on node01'])
  })

  it('given a pod that another scheduler binds at the same moment, when ours is refused, that is told and the pod is counted where it is', async () => {
    for (const name of ['node01', 'node02']) await test.client.create(NODES, aNode(name))
    await test.client.create(PODS, aWaitingPod('web', { requests: { cpu: '2' } }))
    test.api.refuse = (verb, of) => {
      if (verb === 'POST' && of.resource === 'pods')
        test.api.poke(PODS, { namespace: 'default', name: 'web' }, { spec: { nodeName: 'node02' } })
      return undefined
    }
    test.scheduler.start()
    await test.clock.advance(1000)
    test.api.refuse = () => undefined
    expect(await test.events()).toEqual([
      'Warning FailedScheduling web: running Bind plugin "DefaultBinder": Operation cannot be fulfilled on pods "web": pod web is already assigned to node "node02"',
    ])
    await test.client.create(PODS, aWaitingPod('other', { requests: { cpu: '2' } }))
    await test.clock.advance(60_000)
    expect(test.bound).toEqual(['web on node01', 'other on node01'])
  })

  it('given pods whose bindings are under way, when more come, they are scheduled meanwhile and count those', async () => {
    await test.client.create(NODES, aNode('node01'))
    await test.client.create(NODES, aNode('node02'))
    for (const name of ['one', 'two', 'three', 'four', 'five'])
      await test.client.create(PODS, aWaitingPod(name, ONE_CORE))
    test.scheduler.start()
    await test.clock.advance(0)
    expect(test.bound.map((words) => words.split(' ')[2]).toSorted()).toEqual(['node01', 'node01', 'node02', 'node02'])
  })
})

describe('pods of a DaemonSet', () => {
  it('given a node without room, when its pod comes, the other nodes are told of in one phrase and it waits for that node only', async () => {
    for (const name of ['node01', 'node02', 'node03']) await test.client.create(NODES, aNode(name))
    await test.client.create(PODS, aWaitingPod('full', { nodeName: 'node02', requests: { cpu: '2' } }))
    await test.client.create(PODS, aWaitingPod('elsewhere', { nodeName: 'node01', requests: { cpu: '2' } }))
    await test.client.create(PODS, aWaitingPod('agent', { ...forNode('node02'), ...ONE_CORE }))
    test.scheduler.start()
    await test.clock.advance(1000)
    expect((await test.condition('agent'))?.message).toBe(
      "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. " +
        'preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.',
    )
    await test.client.delete(PODS, { namespace: 'default', name: 'elsewhere' }, { gracePeriodSeconds: 0 })
    await test.clock.advance(60_000)
    expect(attempts()).toBe(1)
    await test.client.delete(PODS, { namespace: 'default', name: 'full' }, { gracePeriodSeconds: 0 })
    await test.clock.advance(1000)
    expect(test.bound).toEqual(['agent on node02'])
  })
})

/** Of pods that were not bound in between, and those that were. */
function attempts(): number {
  const family = test.scheduler.metrics().find(({ name }) => name === 'scheduler_schedule_attempts_total')
  return family?.samples.reduce((sum, { value }) => sum + value, 0) ?? 0
}
