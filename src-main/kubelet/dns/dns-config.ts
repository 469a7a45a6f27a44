/** A pod's resolver settings (facts 2.18.3). */
import type { Pod, PodDNSConfig } from '../../common/api/core.ts'
import type { DNSConfig } from '../../container-runtime/cri.ts'
import { podReference } from '../pod-identity.ts'

const MAX_SERVERS = 3
const MAX_SEARCHES = 32
const MAX_SEARCH_CHARACTERS = 2048

export interface DNSFacts {
  clusterDNS: string[]
  clusterDomain: string
  /** Content of the node's `/etc/resolv.conf`. */
  nodeResolvConf: string
}

/**
 * Pure: what the pod's `resolv.conf` is to say. Docker's own resolver, which a node's file names, answers at the same address
 * inside of every pod; so a pod that has the node's settings asks it as the node does.
 */
export function podDNSConfig(pod: Pod, facts: DNSFacts): DNSConfig {
  const config = wantedConfig(pod, facts)
  return {
    servers: config.servers.slice(0, MAX_SERVERS),
    searches: fittingSearches(config.searches),
    options: config.options,
  }
}

/** Pure: what `podDNSConfig` left out, in the words of the event `DNSConfigForming`. */
export function dnsConfigOmissions(pod: Pod, facts: DNSFacts): string[] {
  const { servers, searches } = wantedConfig(pod, facts)
  const fitting = fittingSearches(searches)
  const omissions: string[] = []
  if (fitting.length < searches.length)
    omissions.push(
      `Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${fitting.join(' ')}`,
    )
  if (servers.length > MAX_SERVERS)
    omissions.push(
      `Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: ${servers.slice(0, MAX_SERVERS).join(' ')}`,
    )
  return omissions
}

function wantedConfig(pod: Pod, facts: DNSFacts): DNSConfig {
  return merge(baseConfig(pod, facts), pod.spec.dnsConfig)
}

/** As many as a resolver reads. */
function fittingSearches(searches: string[]): string[] {
  const fitting = searches.slice(0, MAX_SEARCHES)
  while (fitting.join(' ').length > MAX_SEARCH_CHARACTERS) fitting.pop()
  return fitting
}

function wantsClusterDNS(pod: Pod): boolean {
  const policy = pod.spec.dnsPolicy ?? 'ClusterFirst'
  return policy === 'ClusterFirstWithHostNet' || (policy === 'ClusterFirst' && pod.spec.hostNetwork !== true)
}

function baseConfig(pod: Pod, facts: DNSFacts): DNSConfig {
  if (pod.spec.dnsPolicy === 'None') return { servers: [], searches: [], options: [] }
  const node = parseResolvConf(facts.nodeResolvConf)
  if (!wantsClusterDNS(pod) || facts.clusterDNS.length === 0) return node
  const { namespace } = podReference(pod)
  const domain = facts.clusterDomain
  const cluster = domain === '' ? [] : [`${namespace}.svc.${domain}`, `svc.${domain}`, domain]
  return { servers: facts.clusterDNS, searches: [...cluster, ...node.searches], options: ['ndots:5'] }
}

/** Of an option that occurs twice, the pod's own counts. */
function merge(base: DNSConfig, own: PodDNSConfig | undefined): DNSConfig {
  if (own === undefined) return base
  const options = new Map(base.options.map((option) => [option.split(':', 1)[0] ?? option, option]))
  for (const { name = '', value } of own.options ?? [])
    options.set(name, value === undefined || value === '' ? name : `${name}:${value}`)
  return {
    servers: [...new Set([...base.servers, ...(own.nameservers ?? [])])],
    searches: [...new Set([...base.searches, ...(own.searches ?? [])])],
    options: [...options.values()],
  }
}

/** The lines of a `resolv.conf` that matter; the last `search` line counts. */
export function parseResolvConf(text: string): DNSConfig {
  const config: DNSConfig = { servers: [], searches: [], options: [] }
  for (const line of text.split('\n')) {
    const [word, ...rest] = line.trim().split(/\s+/)
    if (word === 'nameserver' && rest[0] !== undefined) config.servers.push(rest[0])
    if (word === 'search') config.searches = rest.filter((search) => search !== '.')
    if (word === 'options') config.options.push(...rest)
  }
  return config
}
