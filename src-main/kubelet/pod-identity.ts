/** How the kubelet names pods: by UID, by full name, and as its log lines and messages print them. */
import type { Pod } from '../common/api/core.ts'
import type { PodReference } from '../common/lab/file-verdict.ts'

/** A pod that came through a source: name, namespace and UID are filled in (facts 1.4). */
export function podReference(pod: Pod): PodReference {
  return {
    namespace: pod.metadata.namespace ?? 'default',
    name: pod.metadata.name ?? '',
    uid: podUid(pod),
  }
}

export function podUid(pod: Pod): string {
  return pod.metadata.uid ?? ''
}

/** `name_namespace`: two static pods of one full name never run at once (facts 1.5.5). */
export function podFullName(pod: Pod): string {
  const { name, namespace } = podReference(pod)
  return `${name}_${namespace}`
}

/** `name_namespace(uid)`, as in the back-off message (facts 2.2.5). */
export function formatPod(pod: Pod): string {
  return formatPodReference(podReference(pod))
}

export function formatPodReference({ name, namespace, uid }: PodReference): string {
  return `${name}_${namespace}(${uid})`
}

/** `namespace/name`, as newer log lines print a pod. */
export function podLogName(reference: PodReference): string {
  return `${reference.namespace}/${reference.name}`
}
