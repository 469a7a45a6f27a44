/** What marks a pod as static: the annotations that its source wrote (facts 1.4.5). */
import type { Pod } from './core.ts'
import { CONFIG_HASH_ANNOTATION, CONFIG_MIRROR_ANNOTATION, CONFIG_SOURCE_ANNOTATION } from './kubelet-labels.ts'

/** Whether a kubelet runs it from a file or URL rather than for the API server. */
export function isStaticPod(pod: Pod): boolean {
  const source = pod.metadata.annotations?.[CONFIG_SOURCE_ANNOTATION]
  return source !== undefined && source !== 'api'
}

/** What a kubelet runs for an API server, whose names are its business; all others are static. */
export function isApiPod(pod: Pod): boolean {
  return pod.metadata.annotations?.[CONFIG_SOURCE_ANNOTATION] === 'api'
}

/** Whether it is the API server's read-only picture of a static pod. */
export function isMirrorPod(pod: Pod): boolean {
  return pod.metadata.annotations?.[CONFIG_MIRROR_ANNOTATION] !== undefined
}

/** The hash that a static pod and its mirror share. */
export function staticPodHash(pod: Pod): string | undefined {
  return pod.metadata.annotations?.[CONFIG_HASH_ANNOTATION]
}
