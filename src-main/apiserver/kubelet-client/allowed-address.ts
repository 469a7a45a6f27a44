/**
 * Where the API server may be led to: Nodes and pods tell their own addresses in their status, and could tell those of
 * others. Names are looked up here and not again, so that they mean the same when the connection is made.
 */
import { lookup } from 'node:dns/promises'
import { BlockList } from 'node:net'
import { badRequest } from '../../kube/status-error.ts'

/** What a status must not lead to. */
export interface ForbiddenAddresses {
  /** For kubelets: the engine's gateway, behind which is the computer. */
  readonly ofKubelets: BlockList
  /** For everything else also the API server itself and its link: upstream's `IsProxyableIP`. */
  readonly ofProxies: BlockList
}

const NOT_PROXYABLE = [
  ['0.0.0.0', 8, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['255.255.255.255', 32, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
] as const

export function forbiddenAddresses(gateways: readonly string[]): ForbiddenAddresses {
  const [ofKubelets, ofProxies] = [new BlockList(), new BlockList()]
  for (const list of [ofKubelets, ofProxies]) for (const gateway of gateways) list.addAddress(gateway, 'ipv4')
  for (const [network, bits, version] of NOT_PROXYABLE) ofProxies.addSubnet(network, bits, version)
  return { ofKubelets, ofProxies }
}

/**
 * The address of a host that may be connected to.
 * @throws StatusError 400 for one that may not, the resolver's error for a name that is not known
 */
export async function resolveAllowed(host: string, forbidden: BlockList): Promise<string> {
  if (host === '') throw badRequest('address not allowed')
  const { address, family } = await lookup(host)
  if (forbidden.check(address, family === 6 ? 'ipv6' : 'ipv4')) throw badRequest('address not allowed')
  return address
}

/** The gateways of `/proc/net/route` (IP version 4). */
export function parseGateways(table: string): string[] {
  const rows = table.split('\n').slice(1)
  const words = rows.map((row) => row.split(/\s+/)[2] ?? '').filter((gateway) => /^[\dA-F]{8}$/.test(gateway))
  // The kernel writes addresses in the machine's order of bytes, the last one first.
  const addresses = words.map((word) => [...Buffer.from(word, 'hex')].toReversed().join('.'))
  return [...new Set(addresses)].filter((address) => address !== '0.0.0.0')
}
