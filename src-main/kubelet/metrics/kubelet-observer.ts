/** What the kubelet's parts tell whoever counts; nothing of the kubelet depends on it. */
import type { PodReference } from '../../common/lab/file-verdict.ts'

/** A probe of one container; what could not be carried out counts for nothing, here as elsewhere. */
export interface ProbeObservation {
  pod: PodReference
  container: string
  /** `Startup`, `Liveness` or `Readiness`. */
  probeType: string
  result: 'successful' | 'failed'
}

export interface KubeletObserver {
  /** The runtime was listed as a whole. */
  onRelist(durationMs: number): void
  onProbe(probe: ProbeObservation): void
  /** Nothing of the pod is left. */
  onPodGone(uid: string): void
}
