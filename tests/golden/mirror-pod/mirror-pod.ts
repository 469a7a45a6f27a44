/**
 * A mirror pod as a real API server showed it (kubelet 1.20.2: `recorded-mirror.json`), made comparable with one of a lab:
 * what must differ between two clusters is blanked, what came after 1.20 is told apart.
 */
import type { Pod } from '../../../src-main/common/api/core.ts'

/** Two clusters, two images, two moments: these only have to be there. */
const DIFFER = [
  'metadata.annotations.kubernetes.io/config.hash',
  'metadata.annotations.kubernetes.io/config.mirror',
  'metadata.annotations.kubernetes.io/config.seen',
  'metadata.creationTimestamp',
  'metadata.ownerReferences.0.uid',
  'metadata.resourceVersion',
  'metadata.uid',
  'spec.containers.0.image',
  'status.containerStatuses.0.containerID',
  'status.containerStatuses.0.image',
  'status.containerStatuses.0.imageID',
  'status.containerStatuses.0.state.running.startedAt',
  'status.hostIP',
  'status.podIP',
  'status.podIPs.0.ip',
  'status.startTime',
]

/** What upstream has added since: pods' generation (1.33), hostIPs (1.28), the allocated resources (1.33), and a condition (1.29). */
export const ADDED_SINCE = [
  'metadata.generation',
  'status.hostIPs.0.ip',
  'status.containerStatuses.0.resources',
  'status.conditions[PodReadyToStartContainers]',
]

export interface ComparableMirror {
  /** Values by their paths; blank what must differ. */
  facts: Record<string, unknown>
  /** Paths of `ADDED_SINCE` that it has. */
  added: string[]
}

/** Conditions are known by their types, and their times are blanked. */
export function computeComparableMirror(pod: Pod): ComparableMirror {
  const { conditions = [], ...status } = pod.status ?? {}
  const facts: Record<string, unknown> = {}
  collect({ ...pod, status }, '', facts)
  for (const { type, lastTransitionTime, ...condition } of conditions) {
    facts[`status.conditions[${type}]`] = {
      ...condition,
      lastTransitionTime: lastTransitionTime === undefined ? '' : 'TIME',
    }
  }
  const added = ADDED_SINCE.filter((path) => path in facts)
  for (const path of added) Reflect.deleteProperty(facts, path)
  for (const path of DIFFER) if (path in facts) facts[path] = 'DIFFERS'
  return { facts, added }
}

function collect(value: unknown, path: string, into: Record<string, unknown>): void {
  const isLeaf = value === null || typeof value !== 'object' || Object.keys(value).length === 0
  if (isLeaf) {
    into[path] = value
    return
  }
  for (const [key, inner] of Object.entries(value)) collect(inner, path === '' ? key : `${path}.${key}`, into)
}
