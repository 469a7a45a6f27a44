/**
 * Carries out what `computeAdmission` decides: a pod that is refused never starts, and pods that have to make room end
 * first (upstream's `rejectPod`, and pkg/kubelet/preemption).
 */
import type { Logger } from '../../base/logger.ts'
import type { Pod } from '../../common/api/core.ts'
import type { TimelineCause } from '../../common/lab/timeline-entry.ts'
import { podLogName, podReference, podUid } from '../pod-identity.ts'
import type { PodManager } from '../pod-manager.ts'
import type { KubeletPodSyncer } from '../pod-syncer.ts'
import type { PodWorkers } from '../pod-workers/pod-workers.ts'
import type { NodeFacts } from '../runtime/runtime-context.ts'
import type { RuntimePodCache } from '../runtime/runtime-pod-cache.ts'
import type { StatusManager } from '../status/status-manager.ts'
import { aboutPod } from '../timeline/timeline.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { hasRunItsCourse } from './admission-order.ts'
import { computeAdmission } from './compute-admission.ts'

const PREEMPTED = 'Preempted in order to admit critical pod'

export interface PodAdmitterOptions {
  logger: Logger
  timeline: Timeline
  node: NodeFacts
  /** Of the node now: with an API server people change them there. */
  labels(): Readonly<Record<string, string>>
  pods: PodManager
  workers: PodWorkers
  statuses: StatusManager
  cache: RuntimePodCache
  syncer: KubeletPodSyncer
}

export class PodAdmitter {
  readonly #options: PodAdmitterOptions

  constructor(options: PodAdmitterOptions) {
    this.#options = options
  }

  /** Hands a pod that was added to its worker, which starts it or, when it is refused, only cleans up behind it. */
  admit(pod: Pod, cause: TimelineCause | undefined): void {
    const { workers, node, labels, syncer } = this.#options
    const uid = podUid(pod)
    // It comes back while it ends, with the place that it has; or it is over, and needs none.
    if (!syncer.hasNoPlace(uid) && (this.#isEnding(uid) || this.#hasEnded(pod))) {
      workers.update(pod, cause)
      return
    }
    syncer.forgetVerdict(uid)
    const admission = computeAdmission(pod, this.#othersThan(uid), {
      name: node.nodeName,
      labels: labels(),
      allocatable: node.allocatable,
    })
    if (!admission.admitted) this.#reject(pod, admission.reason, admission.message)
    else for (const victim of admission.victims) this.#preempt(victim, pod)
    workers.update(pod, cause, admission.admitted ? admission.victims.map(podUid) : [])
  }

  /** Pods that hold a place: those without a worker have yet to get one, or never start. */
  #othersThan(uid: string): Pod[] {
    const { pods, workers } = this.#options
    return pods
      .list()
      .filter((pod) => podUid(pod) !== uid && workers.stateOf(podUid(pod)) !== undefined && !this.#hasEnded(pod))
  }

  /** It stays refused until its manifest changes or the kubelet restarts, whatever becomes free meanwhile. */
  #reject(pod: Pod, reason: string, message: string): void {
    const { logger, timeline, syncer } = this.#options
    const reference = podReference(pod)
    logger.info('Pod admission denied', { podUID: reference.uid, pod: podLogName(reference), reason, message })
    timeline.record({ ...aboutPod(pod), type: 'Warning', reason, message })
    syncer.fail(pod, { kind: 'rejected', reason, message: `Pod was rejected: ${message}` })
  }

  #preempt(victim: Pod, preemptor: Pod): void {
    const { logger, timeline, syncer, workers } = this.#options
    const reference = podReference(victim)
    logger.info('Preempting pod to free up resources', {
      pod: podLogName(reference),
      podUID: reference.uid,
      requestingPod: podLogName(podReference(preemptor)),
    })
    timeline.record({ ...aboutPod(victim), type: 'Warning', reason: 'Preempting', message: PREEMPTED })
    syncer.fail(victim, { kind: 'preempted', reason: 'Preempting', message: PREEMPTED })
    workers.end(reference.uid)
  }

  #isEnding(uid: string): boolean {
    const state = this.#options.workers.stateOf(uid)
    return state === 'Terminating' || state === 'Terminated'
  }

  #hasEnded(pod: Pod): boolean {
    const { statuses, cache } = this.#options
    const phase = statuses.get(podUid(pod))?.phase
    return phase === 'Succeeded' || phase === 'Failed' || hasRunItsCourse(pod, cache.get(podUid(pod)))
  }
}
