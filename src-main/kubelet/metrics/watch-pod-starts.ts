/** Measures how long pods take from their first sight until they run, by what the kubelet shows of them. */
import type { Clock } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import { DisposableStore } from '../../base/disposable.ts'
import type { Pod } from '../../common/api/core.ts'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import { podUid } from '../pod-identity.ts'

interface PodSource {
  desiredPods(): Pod[]
  onDidChange(listener: () => void): Disposable
}

interface EntrySource {
  onDidAdd(listener: (entries: readonly TimelineEntry[]) => void): Disposable
}

export function watchPodStarts(
  kubelet: PodSource,
  timeline: EntrySource,
  clock: Clock,
  onStarted: (durationMs: number) => void,
): Disposable {
  const seenMs = new Map<string, number>()
  const owned = new DisposableStore()
  owned.add(
    timeline.onDidAdd((entries) => {
      for (const { reason, pod } of entries) {
        if (pod === undefined) continue
        if (reason === 'PodAdded') seenMs.set(pod.uid, clock.now())
        if (reason === 'PodRemoved') seenMs.delete(pod.uid)
      }
    }),
  )
  owned.add(
    kubelet.onDidChange(() => {
      if (seenMs.size === 0) return
      for (const pod of kubelet.desiredPods()) {
        const sinceMs = seenMs.get(podUid(pod))
        const phase = pod.status?.phase ?? 'Pending'
        if (sinceMs === undefined || phase === 'Pending') continue
        seenMs.delete(podUid(pod))
        if (phase === 'Running') onStarted(clock.now() - sinceMs)
      }
    }),
  )
  return owned
}
