/**
 * What a pod asks of its node while it lives: the most that its containers need at one time (upstream's `PodRequests`,
 * component-helpers/resource/helpers.go).
 */
import type { Pod, QuantityString } from '../../common/api/core.ts'
import { isSidecar } from '../runtime/restart-policy.ts'
import { divideUp, NANOS_PER_UNIT, quantityNanos } from '../runtime/quantity.ts'

/** By resource name; cpu in thousandths of a core, everything else in whole units. */
export type ResourceAmounts = ReadonlyMap<string, bigint>

type Amounts = Map<string, bigint>

/** Pure. Of a pod with defaults, so limits without requests are requests already. */
export function podRequests(pod: Pod): ResourceAmounts {
  const { initContainers = [], containers, resources, overhead } = pod.spec
  const total: Amounts = new Map()
  for (const container of containers) add(total, amountsOf(container.resources?.requests))
  const sidecars: Amounts = new Map()
  const peak: Amounts = new Map()
  for (const container of initContainers) {
    const during = new Map(sidecars)
    add(during, amountsOf(container.resources?.requests))
    raise(peak, during)
    if (isSidecar(container)) add(sidecars, amountsOf(container.resources?.requests))
  }
  add(total, sidecars)
  raise(total, peak)
  for (const [name, amount] of amountsOf(resources?.requests)) if (isPodLevel(name)) total.set(name, amount)
  add(total, amountsOf(overhead))
  return new Map([...total].map(([name, nanos]) => [name, toUnits(name, nanos)]))
}

/** Cpu in thousandths, everything else in whole units; rounded up. */
export function toUnits(resource: string, nanos: bigint): bigint {
  return divideUp(nanos, resource === 'cpu' ? NANOS_PER_UNIT / 1000n : NANOS_PER_UNIT)
}

/** What `spec.resources` can speak of. */
function isPodLevel(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')
}

function amountsOf(list: Record<string, QuantityString> = {}): Amounts {
  return new Map(Object.entries(list).map(([name, quantity]) => [name, quantityNanos(quantity)]))
}

function add(to: Amounts, amounts: Amounts): void {
  for (const [name, amount] of amounts) to.set(name, (to.get(name) ?? 0n) + amount)
}

function raise(to: Amounts, amounts: Amounts): void {
  for (const [name, amount] of amounts) if (amount > (to.get(name) ?? 0n)) to.set(name, amount)
}
