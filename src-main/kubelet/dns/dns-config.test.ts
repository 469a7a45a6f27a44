import { describe, expect, it } from 'vitest'
import type { Pod } from '../../common/api/core.ts'
import { aPod } from '../testing/pod-builders.ts'
import { dnsConfigOmissions, podDNSConfig } from './dns-config.ts'
import type { DNSFacts } from './dns-config.ts'

const cluster: DNSFacts = {
  clusterDNS: ['10.96.0.10'],
  clusterDomain: 'cluster.local',
  nodeResolvConf: 'nameserver 192.168.0.1\nsearch home.example .\noptions timeout:2\n',
}
const CLUSTER_SEARCHES = ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local', 'home.example']
const NODE = { servers: ['192.168.0.1'], searches: ['home.example'], options: ['timeout:2'] }
const CLUSTER = { servers: ['10.96.0.10'], searches: CLUSTER_SEARCHES, options: ['ndots:5'] }

describe('podDNSConfig', () => {
  it.each([
    ['no policy', {}, CLUSTER],
    ['ClusterFirst', { dnsPolicy: 'ClusterFirst' }, CLUSTER],
    ['ClusterFirst in the network of the node', { dnsPolicy: 'ClusterFirst', hostNetwork: true }, NODE],
    ['ClusterFirstWithHostNet there', { dnsPolicy: 'ClusterFirstWithHostNet', hostNetwork: true }, CLUSTER],
    ['Default', { dnsPolicy: 'Default' }, NODE],
    [
      'None and settings of its own',
      { dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'], searches: ['x.y'], options: [{ name: 'use-vc' }] } },
      { servers: ['1.1.1.1'], searches: ['x.y'], options: ['use-vc'] },
    ],
    [
      'settings beside those of the cluster',
      { dnsConfig: { nameservers: ['1.1.1.1'], options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }] } },
      { servers: ['10.96.0.10', '1.1.1.1'], searches: CLUSTER_SEARCHES, options: ['ndots:2', 'edns0'] },
    ],
  ] as [string, Partial<Pod['spec']>, unknown][])(
    'given %s, then it is merged as a kubelet does',
    (_what, spec, expected) => {
      expect(podDNSConfig(aPod(spec), cluster)).toEqual(expected)
    },
  )

  it('given no cluster DNS, then ClusterFirst is Default, also where the node asks the engine', () => {
    expect(podDNSConfig(aPod(), { ...cluster, clusterDNS: [] })).toEqual(NODE)
    const engine = { ...cluster, clusterDNS: [], nodeResolvConf: 'nameserver 127.0.0.11\noptions ndots:0\n' }
    expect(podDNSConfig(aPod(), engine)).toEqual({ servers: ['127.0.0.11'], searches: [], options: ['ndots:0'] })
  })

  it('given more than a resolver reads, then the rest is left out and said', () => {
    const nameservers = ['1.1.1.1', '2.2.2.2', '3.3.3.3']
    const long = Array.from({ length: 32 }, (_, index) => `${'s'.repeat(60)}${index}`)
    const pod = aPod({ dnsConfig: { nameservers, searches: long } })
    const config = podDNSConfig(pod, cluster)
    expect(config.servers).toEqual(['10.96.0.10', '1.1.1.1', '2.2.2.2'])
    expect(config.searches.join(' ').length).toBeLessThanOrEqual(2048)
    expect(dnsConfigOmissions(pod, cluster)).toEqual([
      `Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${config.searches.join(' ')}`,
      'Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 10.96.0.10 1.1.1.1 2.2.2.2',
    ])
    expect(dnsConfigOmissions(aPod(), cluster)).toEqual([])
  })
})
