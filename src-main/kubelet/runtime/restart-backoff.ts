/** The waits between restarts of a crashing container: 0, 10, 20, 40, 80, 160, 300 s, or as `crashLoopBackOff` says (facts 2.2). */
import { Backoff } from '../../base/backoff.ts'
import type { Clock } from '../../base/clock.ts'
import { formatGoDuration } from '../../base/go-duration.ts'
import type { Container, Pod } from '../../common/api/core.ts'
import { formatPod, podReference } from '../pod-identity.ts'
import { nanosecondsToMs } from './runtime-pod.ts'
import type { RuntimeContainer } from './runtime-pod.ts'

const RESET_AFTER_MS = 600_000

export interface RestartWait {
  untilMs: number
  delayMs: number
  /** Of the waiting state `CrashLoopBackOff` (facts 2.2.5). */
  message: string
  /** Of the `BackOff` event. */
  eventMessage: string
}

export class RestartBackoff {
  readonly #backoff: Backoff

  constructor(options: { clock: Clock; initialMs: number; maxMs: number }) {
    this.#backoff = new Backoff({
      clock: options.clock,
      initialMs: options.initialMs,
      maxMs: options.maxMs,
      resetAfterMs: RESET_AFTER_MS,
    })
  }

  /**
   * Asked before a container is started again; `lastExited` is its newest instance that has ended. One that was killed
   * in this very sync, as after a failed liveness probe, is not among them yet: upstream counts from the one before
   * (golden, 08-liveness-exec-long). Answers the wait, or notes the restart (so that the next one waits longer) and
   * answers `undefined`.
   */
  beforeRestart(pod: Pod, container: Container, lastExited: RuntimeContainer | undefined): RestartWait | undefined {
    if (lastExited === undefined) return undefined
    const key = backoffKey(pod, container)
    const finishedMs = nanosecondsToMs(lastExited.finishedAt)
    const untilMs = this.#backoff.waitsUntil(key, finishedMs)
    if (untilMs === undefined) {
      this.#backoff.next(key, finishedMs)
      return undefined
    }
    const delayMs = this.#backoff.delayOf(key)
    return {
      untilMs,
      delayMs,
      message: `back-off ${formatGoDuration(delayMs)} restarting failed container=${container.name} pod=${formatPod(pod)}`,
      eventMessage: `Back-off restarting failed container ${container.name} in pod ${formatPod(pod)}`,
    }
  }

  collectGarbage(): void {
    this.#backoff.collectGarbage()
  }
}

/** Facts 2.2.3: whatever changes here starts the ladder anew. */
function backoffKey(pod: Pod, container: Container): string {
  const { name, namespace, uid } = podReference(pod)
  return JSON.stringify([name, namespace, uid, container.name, container.image, container.resources ?? {}])
}
