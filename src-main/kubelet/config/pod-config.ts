/** Merges the sets of the pod sources into updates for the sync loop (facts 1.5). */
import { isDeepStrictEqual } from 'node:util'
import type { Pod } from '../../common/api/core.ts'
import {
  CONFIG_MIRROR_ANNOTATION,
  CONFIG_SEEN_ANNOTATION,
  CONFIG_SOURCE_ANNOTATION,
} from '../../common/api/kubelet-labels.ts'
import type { StaticPodSource } from '../../common/manifest/apply-static-pod-defaults.ts'
import { podFullName, podUid } from '../pod-identity.ts'

/** Where pods come from. */
export type PodSourceName = StaticPodSource | 'api'

/** `RECONCILE`: only the status differs. */
export type PodOperation = 'REMOVE' | 'ADD' | 'UPDATE' | 'RECONCILE'

export interface PodUpdate {
  operation: PodOperation
  source: PodSourceName
  /** Empty only in the `ADD` that says that a source has delivered its first, empty set. */
  pods: Pod[]
  /** UIDs of pods that replace, or are replaced by, a pod of the same full name: the file was edited (facts 1.5.4). */
  replaced: ReadonlySet<string>
  /** The source delivers for the first time: its pods may have been there before the kubelet. */
  isFirst: boolean
}

export class PodConfig {
  readonly #sources: readonly PodSourceName[]
  readonly #onUpdate: (update: PodUpdate) => void
  readonly #sets = new Map<PodSourceName, Map<string, Pod>>()

  constructor(options: { sources: readonly PodSourceName[]; onUpdate: (update: PodUpdate) => void }) {
    this.#sources = options.sources
    this.#onUpdate = options.onUpdate
  }

  /** Whether every source has delivered once: nothing may be deleted before (facts 1.5.9). */
  get allReady(): boolean {
    return this.#sources.every((source) => this.#sets.has(source))
  }

  /** Takes the source's whole set; keyed by UID, delivered as removals, additions, updates, reconciliations (facts 1.5.2). */
  setPods(source: PodSourceName, pods: Pod[]): void {
    const isFirst = !this.#sets.has(source)
    const before = this.#sets.get(source) ?? new Map<string, Pod>()
    const now = new Map(pods.map((pod) => [podUid(pod), pod]))
    this.#sets.set(source, now)
    const updates: Record<PodOperation, Pod[]> = { REMOVE: [], ADD: [], UPDATE: [], RECONCILE: [] }
    for (const [uid, pod] of before) if (!now.has(uid)) updates.REMOVE.push(pod)
    for (const [uid, pod] of now) {
      const old = before.get(uid)
      if (old === undefined) updates.ADD.push(pod)
      else if (old === pod) continue
      else if (!isDeepStrictEqual(meaning(old), meaning(pod))) updates.UPDATE.push(pod)
      else if (!isDeepStrictEqual(old.status, pod.status)) updates.RECONCILE.push(pod)
    }
    const replaced = computeReplaced(updates.REMOVE, updates.ADD)
    for (const operation of ['REMOVE', 'ADD', 'UPDATE', 'RECONCILE'] as const) {
      const changed = updates[operation]
      const announces = operation === 'ADD' && isFirst
      if (changed.length > 0 || announces) this.#onUpdate({ operation, source, pods: changed, replaced, isFirst })
    }
  }
}

function computeReplaced(removed: Pod[], added: Pod[]): Set<string> {
  const names = new Map(removed.map((pod) => [podFullName(pod), podUid(pod)]))
  return new Set(
    added.flatMap((pod) => {
      const old = names.get(podFullName(pod))
      return old === undefined ? [] : [old, podUid(pod)]
    }),
  )
}

const LOCAL_ANNOTATIONS: readonly string[] = [
  CONFIG_SOURCE_ANNOTATION,
  CONFIG_MIRROR_ANNOTATION,
  CONFIG_SEEN_ANNOTATION,
]

/** What counts as a difference between two pods of one UID (facts 1.5.3). */
function meaning({ spec, metadata }: Pod): unknown {
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => !LOCAL_ANNOTATIONS.includes(key))
  return {
    spec,
    labels: metadata.labels ?? {},
    annotations: Object.fromEntries(annotations),
    deletionTimestamp: metadata.deletionTimestamp,
    deletionGracePeriodSeconds: metadata.deletionGracePeriodSeconds,
  }
}
