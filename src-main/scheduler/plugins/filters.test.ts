import { describe, expect, it } from 'vitest'
import type { TopologySpreadConstraint, PodAffinityTerm } from '../../common/api/core.ts'
import { aNode, forNode, type NodeParts, type PodParts } from '../testing/cluster-builders.ts'
import { TestCluster } from '../testing/new-test-cluster.ts'

const ZONE = 'topology.kubernetes.io/zone'

const inZone = (zone: string): NodeParts => ({ labels: { [ZONE]: zone } })

describe('filters, one node', () => {
  it.for<{ what: string; node?: NodeParts; pod?: PodParts; there?: PodParts; outcome: string }>([
    { what: 'a healthy node', outcome: 'node01' },
    {
      what: 'a cordoned node',
      node: { spec: { unschedulable: true } },
      outcome: '0/1 nodes are available: 1 node(s) were unschedulable.',
    },
    {
      what: 'a cordoned node and a pod that tolerates that',
      node: { spec: { unschedulable: true } },
      pod: { tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' }] },
      outcome: 'node01',
    },
    {
      what: 'a taint',
      node: { spec: { taints: [{ key: 'k', value: 'v', effect: 'NoExecute' }] } },
      outcome: '0/1 nodes are available: 1 node(s) had untolerated taint(s).',
    },
    {
      what: 'a taint that only prefers',
      node: { spec: { taints: [{ key: 'k', effect: 'PreferNoSchedule' }] } },
      outcome: 'node01',
    },
    {
      what: 'another label',
      pod: { nodeSelector: { disk: 'ssd' } },
      outcome: "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
    },
    {
      what: 'a name that is not there',
      pod: forNode('node09'),
      outcome: "0/1 nodes are available: 1 node(s) didn't satisfy plugin(s) [NodeAffinity].",
    },
    {
      what: 'two names at the same time',
      pod: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                {
                  matchFields: ['node01', 'node02'].map((name) => ({
                    key: 'metadata.name',
                    operator: 'In',
                    values: [name],
                  })),
                },
              ],
            },
          },
        },
      },
      outcome: '0/1 nodes are available: pod affinity terms conflict.',
    },
    {
      what: 'a port that is taken',
      pod: { hostPort: 80 },
      there: { hostPort: 80 },
      outcome: "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
    },
    {
      what: 'too little of two things',
      pod: { requests: { cpu: '3', memory: '2Gi' } },
      outcome: '0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.',
    },
    {
      what: 'exactly what is left',
      pod: { requests: { cpu: '1500m' } },
      there: { requests: { cpu: '500m' } },
      outcome: 'node01',
    },
    {
      what: 'a thousandth too little',
      pod: { requests: { cpu: '1501m' } },
      there: { requests: { cpu: '500m' } },
      outcome: '0/1 nodes are available: 1 Insufficient cpu.',
    },
    {
      what: 'no place for another pod',
      node: { allocatable: { pods: '1' } },
      there: {},
      outcome: '0/1 nodes are available: 1 Too many pods.',
    },
    {
      what: 'a device that no node has',
      pod: { requests: { 'example.com/gpu': '1' } },
      outcome: '0/1 nodes are available: 1 Insufficient example.com/gpu.',
    },
  ])('given $what, when a pod comes, then it is decided so', ({ node, pod = {}, there, outcome }) => {
    const placed = there === undefined ? {} : { there: { ...there, nodeName: 'node01' } }
    expect(new TestCluster([aNode('node01', node)], placed).outcome(pod)).toBe(outcome)
  })

  it('given nodes with different obstacles, when a pod comes, then each is counted once and the sentence is sorted', () => {
    const cluster = new TestCluster([
      aNode('node01', { spec: { unschedulable: true } }),
      aNode('node02', { allocatable: { cpu: '100m' } }),
      aNode('node03', { allocatable: { cpu: '100m' } }),
    ])
    expect(cluster.outcome({ requests: { cpu: '1' } })).toBe(
      '0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu.',
    )
  })
})

describe('spreading that is insisted on', () => {
  const constraint = (more: Partial<TopologySpreadConstraint> = {}): PodParts => ({
    labels: { app: 'web' },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: ZONE,
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'web' } },
        ...more,
      },
    ],
  })
  const web = (nodeName: string): PodParts & { nodeName: string } => ({ nodeName, labels: { app: 'web' } })
  const zones = [aNode('a1', inZone('a')), aNode('a2', inZone('a')), aNode('b1', inZone('b'))]

  it('given one zone with more pods, when another comes, then it goes to the other zone', () => {
    expect(new TestCluster(zones, { one: web('a1') }).outcome(constraint())).toBe('b1')
  })

  it('given the emptier zone without room, when a pod comes, then it waits and is told why', () => {
    const cluster = new TestCluster(zones, { one: web('a1'), big: { nodeName: 'b1', requests: { cpu: '2' } } })
    expect(cluster.outcome({ ...constraint(), requests: { cpu: '1' } })).toBe(
      "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't match pod topology spread constraints.",
    )
  })

  it('given a greater skew that is allowed, or pods of other labels, when a pod comes, then it may go anywhere', () => {
    const big = { nodeName: 'b1', requests: { cpu: '2' } }
    const crowded = new TestCluster(zones, { one: web('a1'), big })
    expect(crowded.outcome({ ...constraint({ maxSkew: 2 }), requests: { cpu: '1' } })).toMatch(/^a/)
    const others = new TestCluster(zones, { one: { nodeName: 'a1', labels: { app: 'db' } }, big })
    expect(others.outcome({ ...constraint(), requests: { cpu: '1' } })).toMatch(/^a/)
  })

  it('given a node without the label, when a pod comes, then that node is no place', () => {
    expect(new TestCluster([aNode('node01')]).outcome(constraint())).toBe(
      "0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required label).",
    )
  })

  it('given fewer zones than there should be, when each has a pod, then no more may come', () => {
    const cluster = new TestCluster(zones, { one: web('a1'), two: web('b1') })
    expect(cluster.outcome(constraint({ minDomains: 2 }))).toMatch(/^[ab]/)
    expect(cluster.outcome(constraint({ minDomains: 3 }))).toBe(
      "0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints.",
    )
  })

  it('given an empty zone that the pod may not go to, when a pod comes, then that zone does not count, unless taints are ignored', () => {
    const tainted = aNode('b1', { ...inZone('b'), spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } })
    const cluster = new TestCluster([aNode('a1', inZone('a')), tainted], { one: web('a1') })
    expect(cluster.outcome(constraint({ nodeTaintsPolicy: 'Honor' }))).toBe('a1')
    expect(cluster.outcome(constraint())).toBe(
      "0/2 nodes are available: 1 node(s) didn't match pod topology spread constraints, 1 node(s) had untolerated taint(s).",
    )
  })
})

describe('affinity to pods that is insisted on', () => {
  const term = (more: Partial<PodAffinityTerm> = {}): PodAffinityTerm => ({
    topologyKey: ZONE,
    labelSelector: { matchLabels: { app: 'db' } },
    ...more,
  })
  const near = (one = term()): PodParts => ({
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [one] } },
  })
  const apart = (one = term()): PodParts => ({
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [one] } },
  })
  const zones = [aNode('a1', inZone('a')), aNode('b1', inZone('b'))]
  const db = { nodeName: 'b1', labels: { app: 'db' } }

  it('given a database in one zone, when pods want to be near or apart, then they go there, or elsewhere', () => {
    const cluster = new TestCluster(zones, { db })
    expect([cluster.outcome(near()), cluster.outcome(apart())]).toEqual(['b1', 'a1'])
  })

  it('given no database, when a pod wants to be near one, then it waits; one that is meant itself begins', () => {
    const cluster = new TestCluster(zones)
    expect(cluster.outcome(near())).toBe("0/2 nodes are available: 2 node(s) didn't match pod affinity rules.")
    expect(cluster.outcome({ ...near(), labels: { app: 'db' } })).toBe('a1')
  })

  it('given a database in every zone, when a pod wants to be apart, then it waits', () => {
    const cluster = new TestCluster(zones, { db, other: { ...db, nodeName: 'a1' } })
    expect(cluster.outcome(apart())).toBe("0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.")
  })

  it('given pods that want none like the new one beside them, when it comes, then it keeps away from them', () => {
    const alone = { ...apart(term({ labelSelector: { matchLabels: { app: 'web' } } })), nodeName: 'a1' }
    const cluster = new TestCluster(zones, { alone })
    expect(cluster.outcome({ labels: { app: 'web' } })).toBe('b1')
    const both = new TestCluster(zones, { alone, too: { ...alone, nodeName: 'b1' } })
    expect(both.outcome({ labels: { app: 'web' } })).toBe(
      "0/2 nodes are available: 2 node(s) didn't satisfy existing pods anti-affinity rules.",
    )
  })

  it('given a term that names other namespaces, or selects them, when a pod comes, then pods there are meant', () => {
    const cluster = new TestCluster(zones, { db })
    cluster.namespaces.set('default', { team: 'one' })
    const elsewhere = "0/2 nodes are available: 2 node(s) didn't match pod affinity rules."
    expect(cluster.outcome(near(term({ namespaces: ['other'] })))).toBe(elsewhere)
    expect(cluster.outcome(near(term({ namespaceSelector: {} })))).toBe('b1')
    expect(cluster.outcome(near(term({ namespaceSelector: { matchLabels: { team: 'one' } } })))).toBe('b1')
    expect(cluster.outcome(near(term({ namespaceSelector: { matchLabels: { team: 'two' } } })))).toBe(elsewhere)
  })
})

describe('which nodes are asked', () => {
  it('given 200 nodes that would do, when pods come one after the other, then each is asked of 100, beginning where the last one stopped', () => {
    const nodes = Array.from({ length: 200 }, (_, index) => aNode(`n${String(index).padStart(3, '0')}`))
    const cluster = new TestCluster(nodes)
    expect([cluster.outcome({}), cluster.outcome({}), cluster.outcome({})]).toEqual(['n000', 'n100', 'n000'])
  })

  it('given 200 nodes that would not, when a pod comes, then all are told of', () => {
    const nodes = Array.from({ length: 200 }, (_, index) => aNode(`n${index}`))
    expect(new TestCluster(nodes).outcome({ requests: { cpu: '3' } })).toBe(
      '0/200 nodes are available: 200 Insufficient cpu.',
    )
  })
})
