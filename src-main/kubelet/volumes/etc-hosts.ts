/** The managed `/etc/hosts` of a pod (facts 2.18.1). */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { HostAlias, Pod } from '../../common/api/core.ts'

export interface HostsNames {
  hostname: string
  /** `hostname.subdomain.namespace.svc.domain`, where the pod has a subdomain. */
  hostDomain: string | undefined
  podIPs: string[]
  /** The node's own file, which a pod in the node's network gets. */
  nodeHosts: string
}

/** Pure: the file's content. */
export function etcHostsContent(pod: Pod, names: HostsNames): string {
  const head = pod.spec.hostNetwork === true ? nodeNetworkHosts(names) : podNetworkHosts(names)
  return head + aliasLines(pod.spec.hostAliases ?? [])
}

/** Writes the content where it will be mounted from; done again at each start of a container. */
export function writeEtcHosts(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content, { mode: 0o644 })
}

/** `/etc/hosts` of the node; empty when there is none. */
export function readNodeHosts(path = '/etc/hosts'): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    return `# ${path} of the node could not be read: ${error instanceof Error ? error.message : String(error)}\n`
  }
}

function podNetworkHosts(names: HostsNames): string {
  const lines = [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
  ]
  const self = names.hostDomain === undefined ? names.hostname : `${names.hostDomain}\t${names.hostname}`
  for (const ip of names.podIPs) lines.push(`${ip}\t${self}`)
  return `${lines.join('\n')}\n`
}

function nodeNetworkHosts(names: HostsNames): string {
  return `# Kubernetes-managed hosts file (host network).\n${names.nodeHosts}`
}

function aliasLines(aliases: HostAlias[]): string {
  if (aliases.length === 0) return ''
  const lines = aliases.map((alias) => [alias.ip, ...(alias.hostnames ?? [])].join('\t'))
  return `\n# Entries added by HostAliases.\n${lines.join('\n')}\n`
}
