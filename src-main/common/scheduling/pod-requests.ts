/**
 * What a pod asks of its node while it lives, and what it may use: the most that its containers need at one time (upstream's
 * `PodRequests` and `PodLimits`, component-helpers/resource/helpers.go).
 */
import type { Container, Pod, QuantityString } from '../api/core.ts'
import { isSidecar } from '../api/pod-helpers.ts'
import { divideUp, NANOS_PER_UNIT, quantityNanos } from '../api/amounts.ts'

/** By resource name; cpu in thousandths of a core, everything else in whole units. */
export type ResourceAmounts = ReadonlyMap<string, bigint>

type Amounts = Map<string, bigint>

/** Pure. Of a pod with defaults, so limits without requests are requests already. */
export function podRequests(pod: Pod): ResourceAmounts {
  const { resources, overhead } = pod.spec
  const total = aggregate(pod, (container) => amountsOf(container.resources?.requests))
  for (const [name, amount] of amountsOf(resources?.requests)) if (isPodLevel(name)) total.set(name, amount)
  add(total, amountsOf(overhead))
  return inUnits(total)
}

/** Pure. What all containers together may use, by resources that at least one of them has a limit of. */
export function podLimits(pod: Pod): ResourceAmounts {
  return inUnits(aggregate(pod, (container) => amountsOf(container.resources?.limits)))
}

/** Sidecars stay beside the containers and beside the init containers that follow them (KEP-753). */
function aggregate(pod: Pod, of: (container: Container) => Amounts): Amounts {
  const { initContainers = [], containers } = pod.spec
  const total: Amounts = new Map()
  for (const container of containers) add(total, of(container))
  const sidecars: Amounts = new Map()
  const peak: Amounts = new Map()
  for (const container of initContainers) {
    const during = new Map(sidecars)
    add(during, of(container))
    raise(peak, during)
    if (isSidecar(container)) add(sidecars, of(container))
  }
  add(total, sidecars)
  raise(total, peak)
  return total
}

function inUnits(amounts: Amounts): ResourceAmounts {
  return new Map([...amounts].map(([name, nanos]) => [name, toUnits(name, nanos)]))
}

/** A resource list, such as a node's allocatable, in the units of `ResourceAmounts`. */
export function amountsOfList(list: Record<string, QuantityString>): ResourceAmounts {
  return inUnits(amountsOf(list))
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
