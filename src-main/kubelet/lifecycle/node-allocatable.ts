/**
 * What a node has for its pods: its capacity less what the kubelet's configuration keeps back (pkg/kubelet/cm
 * `GetNodeAllocatableReservation`). Nothing enforces the rest: no pod is ended for it on a node of static pods.
 */
import { NANOS_PER_UNIT, quantityNanos } from '../../common/api/amounts.ts'
import { toUnits } from '../../common/scheduling/pod-requests.ts'
import type { ResourceAmounts } from '../../common/scheduling/pod-requests.ts'

/** What the machine has. */
export interface NodeCapacity {
  /** Cores. */
  cpu: number
  memoryBytes: number
  ephemeralStorageBytes: number
}

/** As in `KubeletConfiguration`; quantities were validated. */
export interface NodeReservations {
  maxPods: number
  /** 0: no such limit. */
  podsPerCore: number
  kubeReserved: Readonly<Record<string, string>>
  systemReserved: Readonly<Record<string, string>>
  /** By signal, such as `memory.available`: a quantity or a share of the capacity such as `10%`. */
  evictionHard: Readonly<Record<string, string>>
}

/** Pure. */
export function computeAllocatable(capacity: NodeCapacity, reservations: NodeReservations): ResourceAmounts {
  const { maxPods, podsPerCore, kubeReserved, systemReserved, evictionHard } = reservations
  const thresholds: Readonly<Record<string, string | undefined>> = {
    memory: evictionHard['memory.available'],
    'ephemeral-storage': evictionHard['nodefs.available'],
  }
  const whole: [resource: string, units: number][] = [
    ['cpu', capacity.cpu],
    ['memory', capacity.memoryBytes],
    ['ephemeral-storage', capacity.ephemeralStorageBytes],
  ]
  const pods = podsPerCore > 0 ? Math.min(maxPods, podsPerCore * capacity.cpu) : maxPods
  const amounts = whole.map(([resource, units]): [string, bigint] => {
    const total = BigInt(Math.trunc(units)) * NANOS_PER_UNIT
    const reserved = [kubeReserved[resource], systemReserved[resource]]
    const kept = reserved.reduce(
      (sum, quantity) => sum + quantityNanos(quantity),
      thresholdOf(thresholds[resource], total),
    )
    return [resource, toUnits(resource, kept > total ? 0n : total - kept)]
  })
  return new Map([...amounts, ['pods', BigInt(pods)]])
}

function thresholdOf(threshold: string | undefined, total: bigint): bigint {
  const percentage = /^(\d+(?:\.\d+)?)%$/.exec(threshold ?? '')?.[1]
  if (percentage === undefined) return quantityNanos(threshold)
  return BigInt(Math.trunc((Number(total / NANOS_PER_UNIT) * Number(percentage)) / 100)) * NANOS_PER_UNIT
}
