/** Amounts of a node's resources as the API writes them (facts 7.1, 7.2). Pure. */
import { NANOS_PER_UNIT } from '../../common/api/amounts.ts'
import { formatQuantity } from '../../common/api/quantity.ts'
import type { NodeCapacity } from '../lifecycle/node-allocatable.ts'
import type { ResourceAmounts } from '../../common/scheduling/pod-requests.ts'

/** Said of every node, which has none of them here. */
const HUGE_PAGES = { 'hugepages-1Gi': '0', 'hugepages-2Mi': '0' }

export function formatCapacity(capacity: NodeCapacity, pods: bigint): Record<string, string> {
  return {
    cpu: String(capacity.cpu),
    'ephemeral-storage': formatBytes(BigInt(Math.trunc(capacity.ephemeralStorageBytes))),
    ...HUGE_PAGES,
    memory: formatBytes(BigInt(Math.trunc(capacity.memoryBytes))),
    pods: String(pods),
  }
}

export function formatAllocatable(amounts: ResourceAmounts): Record<string, string> {
  const amount = (name: string): bigint => amounts.get(name) ?? 0n
  const millicores = amount('cpu')
  return {
    cpu: millicores % 1000n === 0n ? String(millicores / 1000n) : `${millicores}m`,
    'ephemeral-storage': formatBytes(amount('ephemeral-storage')),
    ...HUGE_PAGES,
    memory: formatBytes(amount('memory')),
    pods: String(amount('pods')),
  }
}

/** As the API server keeps it: another spelling of the same amount would be told it again and again. */
function formatBytes(bytes: bigint): string {
  return formatQuantity({ nanos: bytes * NANOS_PER_UNIT, format: 'BinarySI' })
}
