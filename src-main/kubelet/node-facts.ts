/** What the kubelet finds out about the node that it runs on. */
import { readFileSync, statfsSync } from 'node:fs'
import { arch, cpus, networkInterfaces, totalmem } from 'node:os'
import type { NodeCapacity } from './lifecycle/node-allocatable.ts'
import { computeNodeLabels } from './lifecycle/node-labels.ts'
import { computeAllocatable } from './lifecycle/node-allocatable.ts'
import { KubeletExit, type KubeletOptions } from './options/kubelet-options.ts'
import { describeReadError } from './options/read-error.ts'
import { readNodeReservations } from './options/node-reservations.ts'
import type { NodeFacts } from './runtime/runtime-context.ts'
import { readNodeHosts } from './volumes/etc-hosts.ts'

const DEFAULT_RESOLV_CONF = '/etc/resolv.conf'

/** Read once at the start, as a kubelet does. */
export function readNodeFacts(options: KubeletOptions): NodeFacts {
  const capacity = readCapacity(options.rootDirectory)
  return {
    nodeName: options.nodeName,
    nodeIP: options.nodeIP ?? firstAddress(),
    capacity,
    labels: computeNodeLabels(options.nodeName, arch(), options.nodeLabels),
    allocatable: computeAllocatable(capacity, readNodeReservations(options.configuration)),
    dns: {
      clusterDNS: options.clusterDNS,
      clusterDomain: options.clusterDomain,
      nodeResolvConf: readResolvConf(options.resolvConfPath),
    },
    readNodeHosts,
  }
}

/** Empty: pods get no nameservers of the node. @throws KubeletExit for a file that was named and cannot be read */
function readResolvConf(path: string): string {
  if (path === '' || path === DEFAULT_RESOLV_CONF) return readOrEmpty(path)
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const reason = describeReadError(error, path, 'open')
    throw new KubeletExit(1, `failed to run Kubelet: resolvConf (--resolv-conf) cannot be used: ${reason}`)
  }
}

/** The first IPv4 address that is not the loopback's; empty on a node without a network. */
function firstAddress(): string {
  for (const addresses of Object.values(networkInterfaces()))
    for (const address of addresses ?? []) if (address.family === 'IPv4' && !address.internal) return address.address
  return ''
}

function readCapacity(directory: string): NodeCapacity {
  return { cpu: cpus().length, memoryBytes: totalmem(), ephemeralStorageBytes: diskBytes(directory) }
}

function diskBytes(directory: string): number {
  try {
    const { bsize, blocks } = statfsSync(directory)
    return bsize * blocks
  } catch {
    // The directory comes with the first pod; the root is on the same disk then.
    const { bsize, blocks } = statfsSync('/')
    return bsize * blocks
  }
}

/** For files that a node may well lack. */
export function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Absent means empty, by the contract of this function.
    return ''
  }
}
