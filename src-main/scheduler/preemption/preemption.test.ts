import { describe, expect, it } from 'vitest'
import type { PodDisruptionBudget } from '../../common/api/pod-disruption-budget.ts'
import type { PodInfo } from '../framework/pod-info.ts'
import { aNode, aPodInfo, type PodParts } from '../testing/cluster-builders.ts'
import { TestCluster } from '../testing/new-test-cluster.ts'
import { computePreemption, type PreemptionDecision } from './compute-preemption.ts'

type Placed = Record<string, PodParts & { nodeName: string }>

/** Half of a node of two cores. */
const half = (nodeName: string, priority: number, more: PodParts = {}): PodParts & { nodeName: string } => ({
  nodeName,
  priority,
  requests: { cpu: '1' },
  ...more,
})

function decide(cluster: TestCluster, pod: PodInfo, budgets: readonly PodDisruptionBudget[] = []): PreemptionDecision {
  const placement = cluster.find(pod)
  if (placement.node !== undefined) throw new Error(`it fits on ${placement.node}`)
  return computePreemption({ ...placement, pod, cluster, budgetsOf: () => budgets, random: () => 0 })
}

/** `NODE: VICTIMS`, or the message. */
function outcome(placed: Placed, parts: PodParts, budgets: readonly PodDisruptionBudget[] = []): string {
  const names = new Set(Object.values(placed).map(({ nodeName }) => nodeName))
  const cluster = new TestCluster(
    [...names].map((name) => aNode(name)),
    placed,
  )
  const decision = decide(cluster, aPodInfo('new', { priority: 100, ...parts }), budgets)
  if (decision.kind !== 'preempt') return decision.message
  return `${decision.candidate.node}: ${decision.candidate.victims.map(({ uid }) => uid).join(' ')}`
}

function budgetOf(app: string, disruptionsAllowed: number): PodDisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { namespace: 'default', name: app },
    spec: { selector: { matchLabels: { app } } },
    status: { disruptionsAllowed, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  }
}

const one: PodParts = { requests: { cpu: '1' } }
const both: PodParts = { requests: { cpu: '2' } }

describe('which pods are ended for a more important one', () => {
  it('given pods of less priority, when room for one is needed, then only the least important goes', () => {
    expect(outcome({ low: half('node01', 1), high: half('node01', 2) }, one)).toBe('node01: low')
    expect(outcome({ low: half('node01', 1), high: half('node01', 2) }, both)).toBe('node01: high low')
  })

  it('given pods of the same priority, when one has to go, then it is the one that started last', () => {
    const cluster = new TestCluster([aNode('node01')])
    for (const [name, startTime] of [
      ['young', '2026-01-01T00:00:02Z'],
      ['old', '2026-01-01T00:00:01Z'],
    ] as const) {
      const { pod } = aPodInfo(name, half('node01', 0))
      cluster.cache.setPod({ ...pod, status: { phase: 'Running', startTime } })
    }
    expect(decide(cluster, aPodInfo('new', { priority: 1, ...one }))).toMatchObject({
      candidate: { victims: [{ uid: 'young' }] },
    })
  })

  it.for<{ what: string; placed: Placed; pod: PodParts; expected: string }>([
    {
      what: 'the node whose most important victim matters least',
      placed: { a: half('node01', 5), b: half('node01', 5), c: half('node02', 3), d: half('node02', 9) },
      pod: one,
      expected: 'node02: c',
    },
    {
      what: 'then the smallest sum of priorities, which few pods have rather than many',
      placed: {
        a: half('node01', -5),
        b: half('node01', -5),
        c: { ...half('node02', -5), ...both },
      },
      pod: both,
      expected: 'node02: c',
    },
  ])('given several nodes, when one is chosen, then it is $what', ({ placed, pod, expected }) => {
    expect(outcome(placed, pod)).toBe(expected)
  })

  it('given a budget that would be violated, when there is another node, then that one; otherwise the budget is violated', () => {
    const guarded = half('node01', 1, { labels: { app: 'db' } })
    const other = half('node02', 50)
    const budgets = [budgetOf('db', 0)]
    const full = { a: guarded, b: half('node01', 1000), c: other, d: half('node02', 1000) }
    expect(outcome(full, one, budgets)).toBe('node02: c')
    expect(outcome({ a: guarded, b: half('node01', 1000) }, one, budgets)).toBe('node01: a')
  })

  it('given a budget on the node, when either of two pods would do, then the one that it protects stays, whatever its priority', () => {
    const placed = { guarded: half('node01', 1, { labels: { app: 'db' } }), free: half('node01', 50) }
    expect(outcome(placed, one, [budgetOf('db', 0)])).toBe('node01: free')
    expect(outcome(placed, one, [budgetOf('db', 1)])).toBe('node01: guarded')
  })

  it('given a taken port, when a more important pod wants it, then its holder goes', () => {
    expect(outcome({ web: { nodeName: 'node01', hostPort: 80 } }, { hostPort: 80 })).toBe('node01: web')
  })

  it('given pods that keep others away, when a more important one comes, then they go', () => {
    const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } }
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
    expect(outcome({ alone: { nodeName: 'node01', affinity } }, { labels: { app: 'web' } })).toBe('node01: alone')
  })

  it('given the dry run, when it is over, then nothing was changed by it', () => {
    const placed = { a: half('node01', 1), b: half('node01', 2) }
    const cluster = new TestCluster([aNode('node01')], placed)
    const pod = aPodInfo('new', { priority: 100, ...both })
    expect(decide(cluster, pod)).toEqual(decide(cluster, pod))
    expect(cluster.outcome(one)).toBe('0/1 nodes are available: 1 Insufficient cpu.')
  })
})

describe('when nothing is ended, upstream’s words', () => {
  it.for<{ what: string; placed: Placed; pod: PodParts; message: string }>([
    {
      what: 'pods that matter as much',
      placed: { a: half('node01', 100), b: half('node01', 100) },
      pod: one,
      message: 'preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    },
    {
      what: 'too little even then',
      placed: { a: half('node01', 100), b: half('node01', 1) },
      pod: both,
      message: 'preemption: 0/1 nodes are available: 1 Insufficient cpu.',
    },
    {
      what: 'more than the node has',
      placed: { a: half('node01', 1) },
      pod: { requests: { cpu: '3' } },
      message: 'preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    },
    {
      what: 'a label that no pod takes away',
      placed: { a: half('node01', 1) },
      pod: { nodeSelector: { disk: 'ssd' } },
      message: 'preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    },
    {
      what: 'a pod that never preempts',
      placed: { a: half('node01', 1), b: half('node01', 1) },
      pod: { ...one, preemptionPolicy: 'Never' },
      message: 'preemption: not eligible due to preemptionPolicy=Never.',
    },
  ])('given $what, then that is said', ({ placed, pod, message }) => {
    expect(outcome(placed, pod)).toBe(message)
  })

  it('given room that is being made on the node, when the pod is tried again, then it waits for that', () => {
    const cluster = new TestCluster([aNode('node01')], { high: half('node01', 1000) })
    const victim = aPodInfo('victim', half('node01', 1)).pod
    const conditions = [{ type: 'DisruptionTarget', status: 'True' as const, reason: 'PreemptionByScheduler' }]
    const deletionTimestamp = '2026-01-01T00:00:30Z'
    cluster.cache.setPod({
      ...victim,
      metadata: { ...victim.metadata, deletionTimestamp },
      status: { phase: 'Running', conditions },
    })
    const info = aPodInfo('new', { priority: 100, ...one })
    const nominated = {
      ...info,
      pod: { ...info.pod, status: { phase: 'Pending' as const, nominatedNodeName: 'node01' } },
    }
    expect(decide(cluster, nominated)).toEqual({
      kind: 'waits',
      message: 'preemption: not eligible due to a terminating pod on the nominated node.',
    })
    expect(decide(cluster, info).kind).toBe('preempt')
  })

  it('given room that is made for one pod, when less important ones come, then they do not take it; more important ones may', () => {
    const cluster = new TestCluster([aNode('node01')], { there: half('node01', 0) })
    cluster.nominator.nominate(aPodInfo('expected', { priority: 100, ...one }), 'node01')
    expect(cluster.outcome({ priority: 99, ...one })).toBe('0/1 nodes are available: 1 Insufficient cpu.')
    expect(cluster.outcome({ priority: 101, ...one })).toBe('node01')
  })
})
