/** A pod's quality of service class (facts 2.8.1). Pure. */
import type { Pod, ResourceRequirements } from './core.ts'
import type { PodQOSClass } from './pod-status.ts'
import { quantityNanos } from './amounts.ts'

const COUNTED = ['cpu', 'memory'] as const

/** Only cpu and memory count; resources of the pod itself, where it has any, decide alone. */
export function computeQOSClass(pod: Pod): PodQOSClass {
  const ofPod = pod.spec.resources
  const all: ResourceRequirements[] =
    ofPod === undefined
      ? [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map((container) => container.resources ?? {})
      : [ofPod]
  const isSet = (list: ResourceRequirements['limits'], name: string): boolean => quantityNanos(list?.[name]) > 0n
  const anything = all.some((resources) =>
    COUNTED.some((name) => isSet(resources.limits, name) || isSet(resources.requests, name)),
  )
  if (!anything) return 'BestEffort'
  const guaranteed = all.every((resources) =>
    COUNTED.every((name) => {
      const limit = quantityNanos(resources.limits?.[name])
      const request = resources.requests?.[name]
      return limit > 0n && (request === undefined || quantityNanos(request) === limit)
    }),
  )
  return guaranteed ? 'Guaranteed' : 'Burstable'
}
