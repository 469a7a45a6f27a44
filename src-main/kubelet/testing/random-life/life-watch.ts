/** What may never happen to a living pod: its restart counts fall, it leaves a final phase, the timeline has a gap. */
import type { Pod } from '../../../common/api/core.ts'
import type { TimelineEntry } from '../../../common/lab/timeline-entry.ts'

interface PodPast {
  phase: string
  restartCounts: Map<string, number>
}

export class LifeWatch {
  readonly #pasts = new Map<string, PodPast>()
  #sequence = 0
  /** How often somebody else removed a container or sandbox of a pod. */
  readonly #robberies = new Map<string, number>()

  readonly #lost = new Set<string>()

  /** The instance that was removed took its number with it, if an older one is left to count from. */
  noteRobbery(uid: string): void {
    this.#robberies.set(uid, (this.#robberies.get(uid) ?? 0) + 1)
  }

  /** What a kubelet remembers beside the runtime ends with it, so the next one cannot know all of the past of such pods. */
  noteEndOfKubelet(): void {
    for (const uid of this.#robberies.keys()) {
      this.#pasts.delete(uid)
      this.#lost.add(uid)
    }
    this.#robberies.clear()
  }

  /** Whether no kubelet can know that the pod's containers have run: they were removed, and a kubelet ended since. */
  hasLostItsPast(uid: string): boolean {
    return this.#lost.has(uid)
  }

  /** Takes in what the timeline has more than before; answers what is wrong with it. */
  readTimeline(entries: readonly TimelineEntry[]): string[] {
    const problems: string[] = []
    for (const { sequence, reason, pod } of entries) {
      if (sequence <= this.#sequence) problems.push(`timeline entry ${sequence} follows entry ${this.#sequence}`)
      this.#sequence = Math.max(this.#sequence, sequence)
      // A pod that comes back with the UID it had lives anew.
      const isNewLife = reason === 'PodAdded' || reason === 'PodRemoved' || reason === 'PodGone'
      if (reason === 'PodGone' && pod?.uid !== undefined) this.#lost.delete(pod.uid)
      if (isNewLife && pod?.uid !== undefined) this.#pasts.delete(pod.uid)
    }
    return problems
  }

  /** Looks at what a kubelet tells now; answers what cannot follow from what was told before. */
  look(pods: readonly Pod[]): string[] {
    return pods.flatMap((pod) => this.#lookAt(pod))
  }

  #lookAt({ metadata, status }: Pod): string[] {
    // Not looked at yet by a kubelet that has just started.
    if (status?.containerStatuses === undefined) return []
    const problems: string[] = []
    const uid = metadata.uid ?? ''
    const past = this.#pasts.get(uid) ?? { phase: '', restartCounts: new Map<string, number>() }
    this.#pasts.set(uid, past)
    const phase = status.phase ?? ''
    if ((past.phase === 'Succeeded' || past.phase === 'Failed') && phase !== past.phase)
      problems.push(`${metadata.name} was ${past.phase} and is ${phase}`)
    past.phase = phase
    for (const { name, restartCount } of [...(status.initContainerStatuses ?? []), ...status.containerStatuses]) {
      const before = past.restartCounts.get(name) ?? 0
      if (restartCount < before - (this.#robberies.get(uid) ?? 0))
        problems.push(`${metadata.name}: restart count of ${name} falls from ${before} to ${restartCount}`)
      past.restartCounts.set(name, Math.max(before, restartCount))
    }
    return problems
  }
}
