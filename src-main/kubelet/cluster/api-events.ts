/** Hands on to the API server, as events, what the kubelet's timeline records in Kubernetes' own words (facts 3). */
import type { TimelineDraft } from '../timeline/timeline.ts'
import type { ObjectReference } from '../../common/api/event.ts'

/** What only a timeline tells: a kubelet has no events for these. */
const OWN_REASONS: ReadonlySet<string> = new Set([
  'ContainerDied',
  'ContainerRemoved',
  'FieldNotSupported',
  'FileAccepted',
  'FileGone',
  'FileIgnored',
  'FileRejected',
  'FileShadowed',
  'KubeletStarted',
  'KubeletStopping',
  'MirrorRefused',
  'NotEvicted',
  'NotStarted',
  'PhaseChanged',
  'PodAdded',
  'PodGone',
  'PodRemoved',
  'SandboxDied',
  'SandboxStarted',
  'URLUnreachable',
])

/** Pure. What the event is about; `undefined`: it is none of Kubernetes' events. A static pod goes by its static UID (facts 3.2). */
export function computeInvolvedObject(draft: TimelineDraft, containerField: string): ObjectReference | undefined {
  const { pod, container, reason } = draft
  if (pod === undefined || OWN_REASONS.has(reason)) return undefined
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: pod.namespace,
    name: pod.name,
    uid: pod.uid,
    ...(container === undefined ? {} : { fieldPath: `spec.${containerField}{${container}}` }),
  }
}
