/** IPv4 subnets as numbers: what lab addresses are checked against. */
import { isIPv4Address } from '../validation/names.ts'

export interface IPv4Subnet {
  /** First address, as an unsigned 32-bit number. */
  network: number
  prefix: number
  /** Number of addresses. */
  size: number
}

/** `172.30.7.0/24` as a subnet; undefined when it is none, or when bits of the host part are set. */
export function parseIPv4Subnet(text: string): IPv4Subnet | undefined {
  const match = /^([0-9.]+)\/([0-9]|[12][0-9]|3[0-2])$/.exec(text)
  const network = parseIPv4(match?.[1] ?? '')
  if (match === null || network === undefined) return undefined
  const prefix = Number(match[2])
  const size = 2 ** (32 - prefix)
  return network % size === 0 ? { network, prefix, size } : undefined
}

/** An address as an unsigned 32-bit number; undefined when it is none. Leading zeros are refused. */
export function parseIPv4(text: string): number | undefined {
  if (!isIPv4Address(text)) return undefined
  return text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

export function formatIPv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

/** Whether a node may have this address: in the lower half, and neither the network's own nor the gateway's (the first). */
export function isNodeAddress(subnet: IPv4Subnet, address: number): boolean {
  const offset = address - subnet.network
  return offset >= 2 && offset < subnet.size / 2
}
