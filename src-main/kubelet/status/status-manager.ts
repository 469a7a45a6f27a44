/** The one writer of pod statuses: keeps the newest of each pod and skips equal ones. */
import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../base/clock.ts'
import type { Pod } from '../../common/api/core.ts'
import type { PodCondition, PodPhase, PodStatus } from '../../common/api/pod-status.ts'
import { podReference, podUid } from '../pod-identity.ts'
import type { TimelineRecorder } from '../timeline/timeline.ts'
import { apiTimeOfMs } from './container-statuses.ts'

export class StatusManager {
  readonly #clock: Clock
  readonly #timeline: TimelineRecorder
  readonly #onDidChange: (uid: string) => void
  readonly #statuses = new Map<string, PodStatus>()

  constructor(options: { clock: Clock; timeline: TimelineRecorder; onDidChange: (uid: string) => void }) {
    this.#clock = options.clock
    this.#timeline = options.timeline
    this.#onDidChange = options.onDidChange
  }

  get(uid: string): PodStatus | undefined {
    return this.#statuses.get(uid)
  }

  /** Takes the status over; condition times change only with their condition (facts 2.7). */
  set(pod: Pod, status: PodStatus): void {
    const uid = podUid(pod)
    const before = this.#statuses.get(uid)
    const conditions = status.conditions?.map((condition) =>
      this.#withTransition(before?.conditions ?? pod.status?.conditions, condition),
    )
    const next: PodStatus = conditions === undefined ? status : { ...status, conditions }
    if (isDeepStrictEqual(before, next)) return
    this.#statuses.set(uid, next)
    this.#recordPhase(pod, before?.phase, next)
    this.#onDidChange(uid)
  }

  forget(uid: string): void {
    if (this.#statuses.delete(uid)) this.#onDidChange(uid)
  }

  #withTransition(before: PodCondition[] | undefined, condition: PodCondition): PodCondition {
    const old = before?.find((other) => other.type === condition.type)
    const lastTransitionTime =
      (old?.status === condition.status ? old.lastTransitionTime : undefined) ?? apiTimeOfMs(this.#clock.now())
    return { ...condition, lastTransitionTime }
  }

  #recordPhase(pod: Pod, before: PodPhase | undefined, status: PodStatus): void {
    const phase = status.phase ?? 'Unknown'
    if (phase === before) return
    this.#timeline.record({
      subject: 'pod',
      pod: podReference(pod),
      type: phase === 'Failed' ? 'Warning' : 'Normal',
      reason: 'PhaseChanged',
      message: before === undefined ? `Phase is ${phase}` : `Phase changed from ${before} to ${phase}`,
      details: { phase, ...(status.podIP === undefined ? {} : { podIP: status.podIP }) },
    })
  }
}
