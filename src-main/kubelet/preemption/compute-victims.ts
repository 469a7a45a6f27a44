/**
 * Which pods have to end so that a critical one fits (pkg/kubelet/preemption, Kubernetes 1.32 to 1.35): of the best-effort
 * ones as many as it takes, then of the burstable, then of the guaranteed, and of each kind the fewest and smallest.
 */
import type { Pod } from '../../common/api/core.ts'
import type { PodQOSClass } from '../../common/api/pod-status.ts'
import { podUid } from '../pod-identity.ts'
import { isPreemptable } from '../lifecycle/critical-pod.ts'
import { podRequests } from '../../common/scheduling/pod-requests.ts'
import { computeQOSClass } from '../../common/api/qos-class.ts'

/** How much of a resource is missing; units as in `ResourceAmounts`, `pods` in pods. */
export interface Shortage {
  resource: string
  amount: bigint
}

/** `enough: false`: even all pods that may be ended would leave `missing`. */
export type Preemption = { enough: true; victims: Pod[] } | { enough: false; missing: Shortage[] }

/** Pure. `pods`: those that live on the node. */
export function computeVictims(preemptor: Pod, pods: readonly Pod[], shortages: readonly Shortage[]): Preemption {
  const candidates = pods.filter((pod) => isPreemptable(preemptor, pod))
  const missing = subtract(shortages, candidates)
  if (missing.length > 0) return { enough: false, missing }
  const ofClass = (wanted: PodQOSClass): Pod[] => candidates.filter((pod) => computeQOSClass(pod) === wanted)
  const [bestEffort, burstable, guaranteed] = [ofClass('BestEffort'), ofClass('Burstable'), ofClass('Guaranteed')]
  const guaranteedVictims = pick(guaranteed, subtract(shortages, [...bestEffort, ...burstable]))
  const burstableVictims = pick(burstable, subtract(shortages, [...bestEffort, ...guaranteedVictims]))
  const bestEffortVictims = pick(bestEffort, subtract(shortages, [...burstableVictims, ...guaranteedVictims]))
  return { enough: true, victims: [...bestEffortVictims, ...burstableVictims, ...guaranteedVictims] }
}

/** As log lines and messages print them, with upstream's comma behind the last one. */
export function formatShortages(shortages: readonly Shortage[]): string {
  return `[${shortages.map(({ resource, amount }) => `(res: ${resource}, q: ${amount}), `).join('')}]`
}

/** Takes the pod that leaves least to be found, again and again; of two equal ones the smaller. */
function pick(pods: readonly Pod[], shortages: Shortage[]): Pod[] {
  const victims: Pod[] = []
  const left = [...pods]
  let missing = shortages
  while (missing.length > 0 && left.length > 0) {
    left.sort((one, other) => distance(missing, one) - distance(missing, other) || compareSize(one, other))
    const [nearest] = left.splice(0, 1)
    if (nearest === undefined) break
    victims.push(nearest)
    missing = subtract(missing, [nearest])
  }
  return victims
}

/** Each resource weighs the same, whatever its unit; 0: the pod alone is enough. */
function distance(shortages: readonly Shortage[], pod: Pod): number {
  return shortages.reduce((sum, { resource, amount }) => {
    const left = Number(amount - requestOf(pod, resource))
    return left > 0 ? sum + (left / Number(amount)) ** 2 : sum
  }, 0)
}

function compareSize(one: Pod, other: Pod): number {
  for (const resource of ['memory', 'cpu']) {
    const difference = requestOf(one, resource) - requestOf(other, resource)
    if (difference !== 0n) return difference < 0n ? -1 : 1
  }
  return podUid(one) < podUid(other) ? -1 : 1
}

function subtract(shortages: readonly Shortage[], pods: readonly Pod[]): Shortage[] {
  return shortages.flatMap(({ resource, amount }) => {
    const left = pods.reduce((sum, pod) => sum - requestOf(pod, resource), amount)
    return left > 0n ? [{ resource, amount: left }] : []
  })
}

function requestOf(pod: Pod, resource: string): bigint {
  return resource === 'pods' ? 1n : (podRequests(pod).get(resource) ?? 0n)
}
