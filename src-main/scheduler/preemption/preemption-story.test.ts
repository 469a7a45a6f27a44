import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConnectionError } from '../../kube/api-client.ts'
import { NODES, PODS } from '../../kube/resources.ts'
import { aNode, aWaitingPod, forNode, type PodParts } from '../testing/cluster-builders.ts'
import { TestScheduler } from '../testing/new-test-scheduler.ts'

let test: TestScheduler

beforeEach(async () => {
  test = new TestScheduler()
  await test.client.create(NODES, aNode('node01'))
})

afterEach(() => test.dispose())

const WHOLE_NODE: PodParts = { requests: { cpu: '2' } }
const NAMESPACE = { namespace: 'default' }

async function given(pods: Readonly<Record<string, PodParts>>): Promise<void> {
  for (const [name, parts] of Object.entries(pods)) await test.client.create(PODS, aWaitingPod(name, parts))
  if (!test.scheduler.hasSynced) test.scheduler.start()
  await test.clock.advance(100)
}

/** As its kubelet does when all its containers have ended. */
async function end(name: string): Promise<void> {
  await test.client.delete(PODS, { ...NAMESPACE, name }, { gracePeriodSeconds: 0 })
}

describe('a more important pod comes to a full node', () => {
  it('given a pod of less priority there, then it is told to end, and the other gets the room when it has', async () => {
    await given({ low: { ...WHOLE_NODE, nodeName: 'node01' } })
    await given({ high: { ...WHOLE_NODE, priority: 1000 } })
    const victim = await test.pod('low')
    expect(victim.metadata.deletionTimestamp).toBeDefined()
    expect(victim.status?.conditions).toMatchObject([
      {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'PreemptionByScheduler',
        message: 'default-scheduler: preempting to accommodate a higher priority pod',
      },
    ])
    const high = await test.pod('high')
    expect(high.status?.nominatedNodeName).toBe('node01')
    expect((await test.condition('high'))?.message).toBe('0/1 nodes are available: 1 Insufficient cpu.')
    expect(await test.events()).toEqual([
      'Warning FailedScheduling high: 0/1 nodes are available: 1 Insufficient cpu.',
      `Normal Preempted low: Preempted by pod ${high.metadata.uid} on node node01`,
    ])
    await test.clock.advance(20_000)
    expect(test.bound).toEqual([])
    await end('low')
    await test.clock.advance(100)
    expect(test.bound).toEqual(['high on node01'])
  })

  it('given a node that is too small even without the other pod, when it grows, then room is made there', async () => {
    await given({ low: { hostPort: 80, nodeName: 'node01' } })
    await given({ high: { hostPort: 80, requests: { cpu: '3' }, priority: 1000 } })
    expect((await test.pod('low')).metadata.deletionTimestamp).toBeUndefined()
    test.api.poke(NODES, { name: 'node01' }, { status: aNode('node01', { allocatable: { cpu: '4' } }).status })
    await test.clock.advance(30_000)
    expect((await test.pod('low')).metadata.deletionTimestamp).toBeDefined()
  })

  it('given room that is made on one node, when it is made on another instead, then who waited for the first is heard', async () => {
    await test.client.create(NODES, aNode('node02'))
    await given({
      here: { ...WHOLE_NODE, nodeName: 'node01' },
      there: { ...WHOLE_NODE, nodeName: 'node02', priority: 10 },
    })
    await given({ high: { ...WHOLE_NODE, hostPort: 80, priority: 1000 } })
    expect((await test.pod('high')).status?.nominatedNodeName).toBe('node01')
    const tolerations = [{ operator: 'Exists' as const }]
    await given({ waiting: { hostPort: 80, tolerations, ...forNode('node01') } })
    test.api.poke(NODES, { name: 'node01' }, { spec: { unschedulable: true } })
    await end('here')
    await test.clock.advance(20_000)
    expect((await test.pod('high')).status?.nominatedNodeName).toBe('node02')
    expect(test.bound).toContain('waiting on node01')
  })

  it('given the room that was made, when a less important pod comes first, then it does not take it', async () => {
    await given({ low: { ...WHOLE_NODE, nodeName: 'node01' } })
    await given({ high: { ...WHOLE_NODE, priority: 1000 } })
    await end('low')
    await given({ small: { requests: { cpu: '1' } } })
    await test.clock.advance(10_000)
    expect(test.bound).toEqual(['high on node01'])
  })

  it('given room that is being made, when a still more important pod needs it, then the first gives up its nomination', async () => {
    await given({ low: { ...WHOLE_NODE, nodeName: 'node01' } })
    await given({ high: { ...WHOLE_NODE, priority: 1000 } })
    await given({ highest: { ...WHOLE_NODE, priority: 2000 } })
    expect((await test.pod('high')).status?.nominatedNodeName).toBeUndefined()
    await end('low')
    await test.clock.advance(10_000)
    expect(test.bound).toEqual(['highest on node01'])
  })

  it('given that the victim cannot be told, when the server answers again, then it is told and nobody is forgotten', async () => {
    await given({ low: { ...WHOLE_NODE, nodeName: 'node01' } })
    test.api.refuse = (verb) => {
      if (verb === 'DELETE') throw new ConnectionError('connection refused')
      return undefined
    }
    await given({ high: { ...WHOLE_NODE, priority: 1000 } })
    expect((await test.pod('low')).metadata.deletionTimestamp).toBeUndefined()
    test.api.refuse = () => undefined
    await test.clock.advance(60_000)
    await end('low')
    await test.clock.advance(10_000)
    expect(test.bound).toEqual(['high on node01'])
  })

  it('given a victim that ends while the others are still being told, then that is not missed', async () => {
    await given({
      one: { requests: { cpu: '1' }, nodeName: 'node01' },
      two: { requests: { cpu: '1' }, nodeName: 'node01' },
    })
    let isGone = false
    test.api.refuse = (verb) => {
      if (verb !== 'DELETE' || isGone) return undefined
      isGone = true
      void end('one')
      void end('two')
      return undefined
    }
    await given({ high: { ...WHOLE_NODE, priority: 1000 } })
    await test.clock.advance(2000)
    expect(test.bound).toEqual(['high on node01'])
  })

  it('given a pod that preempts nobody by its policy, then nobody ends and that is said', async () => {
    await given({ low: { ...WHOLE_NODE, nodeName: 'node01' } })
    await given({ polite: { ...WHOLE_NODE, priority: 1000, preemptionPolicy: 'Never' } })
    expect((await test.pod('low')).metadata.deletionTimestamp).toBeUndefined()
    expect((await test.condition('polite'))?.message).toBe(
      '0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.',
    )
  })
})

describe('room that is kept for a pod', () => {
  it('given a nominated pod, when it is deleted, then those who wait for that room are tried again', async () => {
    await given({ low: { requests: { cpu: '1' }, nodeName: 'node01' } })
    await given({ high: { ...WHOLE_NODE, priority: 1000 } })
    await given({ small: { requests: { cpu: '1' } } })
    await test.clock.advance(5000)
    expect(test.bound).toEqual([])
    await end('high')
    await test.clock.advance(5000)
    expect(test.bound).toEqual(['small on node01'])
  })
})
