/** How readily the kernel ends a container's processes when memory runs out (facts 2.8.2). Pure. */
import type { Container, Pod } from '../../common/api/core.ts'
import { computeQOSClass } from '../../common/api/qos-class.ts'
import { quantityUnits } from '../../common/api/amounts.ts'
import { isSidecar } from './restart-policy.ts'

const GUARANTEED = -997
const BEST_EFFORT = 1000
const NODE_CRITICAL_CLASS = 'system-node-critical'

/**
 * From -997 (last) to 1000 (first). A burstable container counts by the share of the node's memory that it asks for; a sidecar
 * is never ended before all the containers that it serves.
 */
export function computeOOMScore(pod: Pod, container: Container, nodeMemoryBytes: number): number {
  if (pod.spec.priorityClassName === NODE_CRITICAL_CLASS) return GUARANTEED
  switch (computeQOSClass(pod)) {
    case 'Guaranteed':
      return GUARANTEED
    case 'BestEffort':
      return BEST_EFFORT
    case 'Burstable': {
      const own = burstableScore(container, nodeMemoryBytes)
      const isInitSidecar = isSidecar(container) && (pod.spec.initContainers ?? []).includes(container)
      const others = pod.spec.containers.map((other) => burstableScore(other, nodeMemoryBytes))
      const score = isInitSidecar ? Math.min(own, Math.max(...others)) : own
      return Math.min(Math.max(score, BEST_EFFORT + GUARANTEED), BEST_EFFORT - 1)
    }
  }
}

/** Whole numbers, as Go divides them. */
function burstableScore({ resources }: Container, nodeMemoryBytes: number): number {
  const asked = Number(quantityUnits(resources?.requests?.['memory'] ?? resources?.limits?.['memory']))
  return BEST_EFFORT - Math.floor((BEST_EFFORT * asked) / nodeMemoryBytes)
}
