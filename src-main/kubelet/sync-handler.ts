/** What the sync loop does with pods that sources add, change and remove: upstream's `SyncHandler` (pkg/kubelet/kubelet.go). */
import type { Logger } from '../base/logger.ts'
import type { Pod } from '../common/api/core.ts'
import { isApiPod } from '../common/api/static-pod.ts'
import type { TimelineCause } from '../common/lab/timeline-entry.ts'
import type { PodUpdate } from './config/pod-config.ts'
import { computeAdmissionOrder } from './lifecycle/admission-order.ts'
import type { PodAdmitter } from './lifecycle/pod-admitter.ts'
import { podLogName, podReference, podUid } from './pod-identity.ts'
import type { PodManager } from './pod-manager.ts'
import type { PodWorkers } from './pod-workers/pod-workers.ts'
import type { RuntimePodCache } from './runtime/runtime-pod-cache.ts'
import { aboutPod } from './timeline/timeline.ts'
import type { Timeline } from './timeline/timeline.ts'
import { computeUnsupportedFields, unsupportedFieldWords } from '../common/lab/unsupported-fields.ts'

export interface SyncHandlerOptions {
  logger: Logger
  timeline: Timeline
  pods: PodManager
  workers: PodWorkers
  cache: RuntimePodCache
  admitter: PodAdmitter
  /** The file that a pod came from, if it came from one. */
  fileOf: (uid: string) => string | undefined
  /** Whether every source has delivered (facts 1.5.9). */
  areSourcesReady: () => boolean
}

export class SyncHandler {
  readonly #options: SyncHandlerOptions

  /** What sources delivered before the first look at the runtime; `undefined` after it. */
  #held: PodUpdate[] | undefined = []

  constructor(options: SyncHandlerOptions) {
    this.#options = options
  }

  /**
   * The runtime was looked at. Before, nobody knows which pods run already and so are to keep their place; those that
   * sources deliver are shown, and wait.
   */
  begin(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const update of held) this.handle(update)
  }

  /** Only hands on: workers do the work. */
  handle(update: PodUpdate): void {
    if (this.#held !== undefined) {
      this.#held.push(update)
      this.#show(update)
      return
    }
    const { logger, pods, workers, cache } = this.#options
    const names = update.pods.map((pod) => podLogName(podReference(pod)))
    logger.info(`SyncLoop ${update.operation}`, { source: update.source, pods: names })
    for (const pod of computeAdmissionOrder(update.pods, (uid) => cache.get(uid))) {
      const cause = causeOf(update, pod)
      switch (update.operation) {
        case 'REMOVE':
          this.#remove(pod, cause)
          break
        case 'ADD':
          this.#add(pod, cause)
          break
        case 'UPDATE':
          pods.set(pod)
          if (isDeletedOnServer(pod)) workers.endDeleted(pod)
          else workers.update(pod, cause)
          break
        case 'RECONCILE':
          pods.set(pod)
          // Somebody else may have opened a readiness gate.
          if ((pod.spec.readinessGates ?? []).length > 0) workers.wake(podUid(pod), undefined)
      }
    }
  }

  #show({ operation, pods: changed }: PodUpdate): void {
    const { pods } = this.#options
    for (const pod of changed)
      if (operation === 'REMOVE') pods.remove(podUid(pod))
      else pods.set(pod)
  }

  #add(pod: Pod, cause: TimelineCause | undefined): void {
    const { timeline, pods, workers, admitter, fileOf } = this.#options
    pods.set(pod)
    const file = fileOf(podUid(pod))
    timeline.record({
      ...aboutPod(pod),
      type: 'Normal',
      reason: 'PodAdded',
      message: `Pod ${podLogName(podReference(pod))} added`,
      ...(cause === undefined ? {} : { cause }),
      ...(file === undefined ? {} : { file }),
    })
    for (const unsupported of computeUnsupportedFields(pod))
      timeline.record({
        ...aboutPod(pod),
        type: 'Warning',
        reason: 'FieldNotSupported',
        message: unsupportedFieldWords(unsupported),
        details: { field: unsupported.field },
      })
    if (isDeletedOnServer(pod)) return workers.endDeleted(pod)
    if (pod.metadata.deletionTimestamp !== undefined) {
      timeline.record({
        ...aboutPod(pod),
        type: 'Warning',
        reason: 'NotStarted',
        message:
          'metadata.deletionTimestamp is set in the manifest, so the pod counts as deleted and is never started.',
      })
      return
    }
    admitter.admit(pod, cause)
  }

  /** What goes while another source has yet to speak is ended by housekeeping, when all have (facts 1.5.9). */
  #remove(pod: Pod, cause: TimelineCause | undefined): void {
    const { logger, timeline, pods, workers, areSourcesReady } = this.#options
    const uid = podUid(pod)
    pods.remove(uid)
    timeline.record({
      ...aboutPod(pod),
      type: 'Normal',
      reason: 'PodRemoved',
      message: `Pod ${podLogName(podReference(pod))} removed from its source`,
      ...(cause === undefined ? {} : { cause }),
    })
    if (areSourcesReady()) workers.remove(uid, cause)
    else {
      const err = "skipping delete because sources aren't ready yet"
      logger.error('Failed to delete pod', { pod: podLogName(podReference(pod)), err })
    }
  }
}

/** What set it off, for pods of files and addresses. */
function causeOf({ operation, replaced, isFirst }: PodUpdate, pod: Pod): TimelineCause | undefined {
  if (isApiPod(pod)) return undefined
  if (operation === 'ADD' && isFirst) return 'KubeletStarted'
  if (operation === 'UPDATE' || replaced.has(podUid(pod))) return 'FileChanged'
  return operation === 'REMOVE' ? 'FileRemoved' : 'FileAdded'
}

function isDeletedOnServer(pod: Pod): boolean {
  return isApiPod(pod) && pod.metadata.deletionTimestamp !== undefined
}
