/** Whether a pod uses more disk than its limits allow (pkg/kubelet/eviction `localStorageEviction`; facts 2.17.1). */
import type { Pod, QuantityString } from '../../common/api/core.ts'
import { canonicalQuantity, formatQuantity, parseQuantity } from '../../common/api/quantity.ts'
import { podLimits } from '../../common/scheduling/pod-requests.ts'
import { NANOS_PER_UNIT, quantityUnits } from '../../common/api/amounts.ts'

/** In bytes; what could not be measured is absent. */
export interface StorageUsage {
  /** By volume name: emptyDirs on disk. */
  emptyDirs: ReadonlyMap<string, number>
  /** By container name: its writable layer and its logs. */
  containers: ReadonlyMap<string, number>
}

const STORAGE = 'ephemeral-storage'

/** Whether there is any limit to look after. One in memory looks after itself. */
export function hasStorageLimit(pod: Pod): boolean {
  return hasContainerLimit(pod) || emptyDirsOnDisk(pod).some(({ emptyDir }) => isPositive(emptyDir?.sizeLimit))
}

/** Whether its containers have to be measured, which is dearer than its volumes. */
export function hasContainerLimit(pod: Pod): boolean {
  return podLimits(pod).has(STORAGE)
}

export function emptyDirsOnDisk(pod: Pod): NonNullable<Pod['spec']['volumes']> {
  return (pod.spec.volumes ?? []).filter(({ emptyDir }) => emptyDir !== undefined && (emptyDir.medium ?? '') === '')
}

/** Pure. The first limit that is exceeded, in upstream's words and order; `undefined`: none. */
export function computeStorageExcess(pod: Pod, usage: StorageUsage): string | undefined {
  for (const { name, emptyDir } of emptyDirsOnDisk(pod)) {
    const limit = emptyDir?.sizeLimit
    if (limit !== undefined && isPositive(limit) && exceeds(usage.emptyDirs.get(name), quantityUnits(limit)))
      return `Usage of EmptyDir volume "${name}" exceeds the limit "${canonicalQuantity(limit)}". `
  }
  const total = [...usage.emptyDirs.values(), ...usage.containers.values()].reduce((sum, bytes) => sum + bytes, 0)
  const podLimit = podLimits(pod).get(STORAGE)
  if (podLimit !== undefined && exceeds(total, podLimit))
    return `Pod ephemeral local storage usage exceeds the total limit of containers ${formatTotal(pod, podLimit)}. `
  for (const { name, resources } of pod.spec.containers) {
    const limit = resources?.limits?.[STORAGE]
    if (limit !== undefined && isPositive(limit) && exceeds(usage.containers.get(name), quantityUnits(limit)))
      return `Container ${name} exceeded its local ephemeral storage limit "${canonicalQuantity(limit)}". `
  }
  return undefined
}

function exceeds(bytes: number | undefined, limit: bigint): boolean {
  return bytes !== undefined && BigInt(Math.trunc(bytes)) > limit
}

function isPositive(limit: QuantityString | undefined): boolean {
  return limit !== undefined && quantityUnits(limit) > 0n
}

/** A sum is written as its first part is. */
function formatTotal(pod: Pod, units: bigint): string {
  const first = pod.spec.containers
    .map(({ resources }) => resources?.limits?.[STORAGE])
    .find((limit) => limit !== undefined)
  const parsed = parseQuantity(first ?? '0')
  return formatQuantity({ nanos: units * NANOS_PER_UNIT, format: parsed.ok ? parsed.quantity.format : 'BinarySI' })
}
