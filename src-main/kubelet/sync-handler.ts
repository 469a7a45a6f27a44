/** What the sync loop does with pods that sources add, change and remove: upstream's `SyncHandler` (pkg/kubelet/kubelet.go). */
import type { Logger } from '../base/logger.ts'
import type { Pod, PodStatus } from '../common/api/core.ts'
import type { TimelineCause } from '../common/lab/timeline-entry.ts'
import { computeAdmissionGaps } from './admission-gaps.ts'
import type { PodUpdate } from './config/pod-config.ts'
import { podLogName, podReference, podUid } from './pod-identity.ts'
import type { PodManager } from './pod-manager.ts'
import type { PodWorkers } from './pod-workers/pod-workers.ts'
import type { NodeFacts } from './runtime/runtime-context.ts'
import type { StatusManager } from './status/status-manager.ts'
import { aboutPod } from './timeline/timeline.ts'
import type { Timeline } from './timeline/timeline.ts'
import { computeUnsupportedFields, unsupportedFieldWords } from './unsupported-fields.ts'
import type { UnsupportedField } from './unsupported-fields.ts'

export interface SyncHandlerOptions {
  logger: Logger
  timeline: Timeline
  node: NodeFacts
  pods: PodManager
  workers: PodWorkers
  statuses: StatusManager
  /** The file that a pod came from, if it came from one. */
  fileOf: (uid: string) => string | undefined
}

export class SyncHandler {
  readonly #options: SyncHandlerOptions

  constructor(options: SyncHandlerOptions) {
    this.#options = options
  }

  /** Only hands on: workers do the work. */
  handle(update: PodUpdate): void {
    const { logger, pods, workers } = this.#options
    const names = update.pods.map((pod) => podLogName(podReference(pod)))
    logger.info(`SyncLoop ${update.operation}`, { source: update.source, pods: names })
    for (const pod of update.pods) {
      const isEdit = update.replaced.has(podUid(pod))
      switch (update.operation) {
        case 'REMOVE':
          this.#remove(pod, isEdit ? 'FileChanged' : 'FileRemoved')
          break
        case 'ADD':
          this.#add(pod, update.isFirst ? 'KubeletStarted' : isEdit ? 'FileChanged' : 'FileAdded')
          break
        case 'UPDATE':
          pods.set(pod)
          workers.update(pod, 'FileChanged')
          break
        case 'RECONCILE':
          pods.set(pod)
      }
    }
  }

  #add(pod: Pod, cause: TimelineCause): void {
    const { timeline, pods, workers, fileOf } = this.#options
    pods.set(pod)
    const file = fileOf(podUid(pod))
    timeline.record({
      ...aboutPod(pod),
      type: 'Normal',
      reason: 'PodAdded',
      message: `Pod ${podLogName(podReference(pod))} added`,
      cause,
      ...(file === undefined ? {} : { file }),
    })
    for (const unsupported of [...computeUnsupportedFields(pod), ...this.#admissionGaps(pod)])
      timeline.record({
        ...aboutPod(pod),
        type: 'Warning',
        reason: 'FieldNotSupported',
        message: unsupportedFieldWords(unsupported),
        details: { field: unsupported.field },
      })
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
    workers.update(pod, cause)
  }

  #admissionGaps(pod: Pod): UnsupportedField[] {
    const { pods, statuses, node } = this.#options
    const isOver = ({ phase }: PodStatus): boolean => phase === 'Succeeded' || phase === 'Failed'
    const others = pods.list().filter((other) => other !== pod && !isOver(statuses.get(podUid(other)) ?? {}))
    return computeAdmissionGaps(pod, others, node.capacity)
  }

  /** Sources are ready here: a removal follows from a set that was delivered. */
  #remove(pod: Pod, cause: TimelineCause): void {
    const { timeline, pods, workers } = this.#options
    const uid = podUid(pod)
    pods.remove(uid)
    timeline.record({
      ...aboutPod(pod),
      type: 'Normal',
      reason: 'PodRemoved',
      message: `Pod ${podLogName(podReference(pod))} removed from its source`,
      cause,
    })
    workers.remove(uid, cause)
  }
}
