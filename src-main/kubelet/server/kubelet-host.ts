/** What the HTTP servers need of the kubelet, and no more; all of it is read from memory. */
import type { Disposable } from '../../base/disposable.ts'
import type { Pod } from '../../common/api/core.ts'
import type { KubeletInfo } from '../../common/lab/lab-status.ts'
import type { RuntimePod } from '../runtime/runtime-pod.ts'

export interface KubeletHost {
  info(): KubeletInfo
  /** With their live status; those that end are not among them any more (facts 5.3). */
  desiredPods(): Pod[]
  /** Of the static pod whose mirror has this UID. */
  staticUidOf(mirrorUid: string): string | undefined
  runtimePods(): RuntimePod[]
  runtimePod(uid: string): RuntimePod
  /** Calls back after any of these has changed. */
  onDidChange(listener: () => void): Disposable
}
