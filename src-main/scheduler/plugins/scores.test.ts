import { describe, expect, it } from 'vitest'
import { aNode, type PodParts } from '../testing/cluster-builders.ts'
import { TestCluster } from '../testing/new-test-cluster.ts'

const ZONE = 'topology.kubernetes.io/zone'
const nodes = [aNode('node01'), aNode('node02')]

/** Two cores and a gibibyte have all nodes here. */
describe('scores, by upstream’s arithmetic', () => {
  it('given nodes that are used differently, when they are scored, then what would be left of cpu and memory counts in whole percents', () => {
    const cluster = new TestCluster(nodes, { there: { nodeName: 'node01', requests: { cpu: '1', memory: '256Mi' } } })
    // node01: (2000-1500)/2000 = 25 and (1024-512)/1024 = 50; node02: 75 and 75.
    expect(cluster.scores('NodeResourcesFit', { requests: { cpu: '500m', memory: '256Mi' } })).toEqual({
      node01: 37,
      node02: 75,
    })
  })

  it('given a pod that asks for nothing, when nodes are scored, then it counts as a tenth of a core and 200Mi', () => {
    const cluster = new TestCluster(nodes, { there: { nodeName: 'node01' } })
    // node01: 1800/2000 = 90 and 624/1024 = 60; node02: 95 and 80.
    expect(cluster.scores('NodeResourcesFit', {})).toEqual({ node01: 75, node02: 87 })
  })

  it('given a pod that asks for cpu only, when nodes are scored, then the balance of what is asked counts', () => {
    const cluster = new TestCluster(nodes, { there: { nodeName: 'node01', requests: { memory: '512Mi' } } })
    // node01: both a half; node02: a half and nothing, half of which is the deviation.
    expect(cluster.scores('NodeResourcesBalancedAllocation', { requests: { cpu: '1' } })).toEqual({
      node01: 100,
      node02: 75,
    })
    expect(cluster.scores('NodeResourcesBalancedAllocation', {})).toBeUndefined()
  })

  it('given taints that only prefer, when nodes are scored, then the fewer are not tolerated the better', () => {
    const taint = (key: string) => ({ key, effect: 'PreferNoSchedule' as const })
    const cluster = new TestCluster([
      aNode('node01'),
      aNode('node02', { spec: { taints: [taint('a')] } }),
      aNode('node03', { spec: { taints: [taint('a'), taint('b'), taint('c')] } }),
    ])
    expect(cluster.scores('TaintToleration', {})).toEqual({ node01: 100, node02: 67, node03: 0 })
    expect(cluster.scores('TaintToleration', { tolerations: [{ key: 'a', operator: 'Exists' }] })).toEqual({
      node01: 100,
      node02: 100,
      node03: 0,
    })
  })

  it('given labels that a pod prefers, when nodes are scored, then the weights of those that match are added', () => {
    const cluster = new TestCluster([
      aNode('node01', { labels: { disk: 'ssd', arch: 'amd64' } }),
      aNode('node02', { labels: { disk: 'ssd' } }),
      aNode('node03'),
    ])
    const prefer = (weight: number, key: string) => ({
      weight,
      preference: { matchExpressions: [{ key, operator: 'Exists' }] },
    })
    const preferred = [prefer(30, 'disk'), prefer(10, 'arch')]
    const affinity = { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } }
    expect(cluster.scores('NodeAffinity', { affinity })).toEqual({ node01: 100, node02: 75, node03: 0 })
    expect(cluster.scores('NodeAffinity', {})).toBeUndefined()
  })

  it('given pods of one service, when another of it comes, then nodes with fewer of them are better', () => {
    const web = { labels: { app: 'web' } }
    const cluster = new TestCluster(nodes, {
      one: { ...web, nodeName: 'node01' },
      two: { ...web, nodeName: 'node01' },
      three: { ...web, nodeName: 'node02' },
      other: { nodeName: 'node02' },
    })
    expect(cluster.scores('PodTopologySpread', web)).toBeUndefined()
    cluster.selector = [{ key: 'app', operator: '=', values: ['web'] }]
    // ln 4 for each pod, and 2 for the skew that is tolerated: 5 and 3; 100 (5 + 3 - crowd) / 5.
    expect(cluster.scores('PodTopologySpread', web)).toEqual({ node01: 60, node02: 100 })
  })

  it('given a wish to be spread over zones, when nodes are scored, then all of a zone counts, and a node without one is worth nothing', () => {
    const inZone = (zone: string) => ({ labels: { [ZONE]: zone } })
    const cluster = new TestCluster(
      [aNode('a1', inZone('a')), aNode('a2', inZone('a')), aNode('b1', inZone('b')), aNode('nowhere')],
      { one: { nodeName: 'a1', labels: { app: 'web' } } },
    )
    const wish: PodParts = {
      labels: { app: 'web' },
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: ZONE,
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: { app: 'web' } },
        },
      ],
    }
    expect(cluster.scores('PodTopologySpread', wish)).toEqual({ a1: 0, a2: 0, b1: 100, nowhere: 0 })
  })

  it('given wishes of the new pod and of those that are there, when nodes are scored, then their weights are scaled from least to greatest', () => {
    const term = (app: string) => ({ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } })
    const wish = (weight: number, app: string) => [{ weight, podAffinityTerm: term(app) }]
    const cluster = new TestCluster([...nodes, aNode('node03')], {
      db: { nodeName: 'node01', labels: { app: 'db' } },
      noisy: {
        nodeName: 'node02',
        affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: wish(10, 'web') } },
      },
    })
    const affinity = { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: wish(30, 'db') } }
    expect(cluster.scores('InterPodAffinity', { labels: { app: 'web' }, affinity })).toEqual({
      node01: 100,
      node02: 0,
      node03: 25,
    })
    expect(cluster.scores('InterPodAffinity', {})).toBeUndefined()
  })
})
