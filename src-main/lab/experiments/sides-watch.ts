/** What there is to see of each side, from the moment in which it begins to look: gathered, and told whenever it may have changed. */
import type { Timer } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import type { Time } from '../../common/api/meta.ts'
import type { SideName } from '../../common/experiments/experiment.ts'
import type { EventLook, SideLook, TimelineLook } from '../../common/experiments/side-record.ts'
import { toLabErrorData } from '../../common/lab-error.ts'
import { computeEventLooks, computeTimelineLooks } from './compute-side-history.ts'
import { computeSideLook } from './compute-side-look.ts'
import type { ExperimentContext } from './experiment-context.ts'
import { FollowedNodes } from './followed-nodes.ts'
import { FollowedObjects } from './followed-objects.ts'

/** Containers and files change without a word. */
const LOOK_MS = 500
/** A change seldom comes alone, and each look asks the engine. */
const SETTLE_MS = 250

/** What an experiment sees through. */
export interface Sides extends Disposable {
  look(side: SideName): SideLook
  history(side: SideName, since: Time): { events: EventLook[]; timeline: TimelineLook[] }
  /** By the clock of all that is seen, which need not be this machine's. */
  now(): Time
  /** By name. */
  workers(): string[]
  /** Resolves after the next look. */
  changed(signal: AbortSignal): Promise<void>
  /** Looks once more, also into what could not be read meanwhile. */
  settle(): Promise<void>
}

export class SidesWatch implements Sides {
  readonly #context: ExperimentContext
  readonly #owned = new DisposableStore()
  readonly #objects: FollowedObjects
  readonly #nodes: FollowedNodes
  readonly #waiting = new Set<() => void>()
  #timer: Timer | undefined
  #dueMs = Number.POSITIVE_INFINITY
  #isLooking = false
  #isDisposed = false

  /** @throws LabError Unavailable without a kubeconfig */
  constructor(context: ExperimentContext, lab: string) {
    this.#context = context
    const { clock, openCluster, store } = context
    const client = openCluster(store.layout.kubeconfig(lab), clock)
    const onChanged = (): void => this.#schedule(SETTLE_MS)
    this.#objects = this.#owned.add(new FollowedObjects({ client, clock, onChanged }))
    this.#nodes = this.#owned.add(new FollowedNodes(context, lab, onChanged))
    this.#schedule(0)
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true
    this.#timer?.cancel()
    await this.#owned.dispose()
  }

  look(side: SideName): SideLook {
    return computeSideLook(side, { now: this.now(), nodes: this.#nodes.nodes, ...this.#objects.facts() })
  }

  history(side: SideName, since: Time): { events: EventLook[]; timeline: TimelineLook[] } {
    return {
      events: computeEventLooks(side, this.#objects.events(), since),
      timeline: computeTimelineLooks(side, this.#nodes.timeline(), since),
    }
  }

  now(): Time {
    return this.#nodes.now()
  }

  workers(): string[] {
    return this.#nodes.workers
  }

  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const onAbort = (): void => {
        this.#waiting.delete(onLooked)
        reject(signal.reason)
      }
      const onLooked = (): void => {
        signal.removeEventListener('abort', onAbort)
        resolve()
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiting.add(onLooked)
    })
  }

  async settle(): Promise<void> {
    await this.#nodes.readTimeline()
    await this.#nodes.look()
  }

  #schedule(delayMs: number): void {
    const { clock } = this.#context
    const dueMs = clock.now() + delayMs
    if (this.#isDisposed || this.#isLooking || dueMs >= this.#dueMs) return
    this.#timer?.cancel()
    this.#dueMs = dueMs
    this.#timer = clock.setTimer(delayMs, () => void this.#look())
  }

  async #look(): Promise<void> {
    this.#dueMs = Number.POSITIVE_INFINITY
    this.#isLooking = true
    try {
      await this.#nodes.look()
    } catch (error) {
      this.#context.logger.info('the workers cannot be looked at', { error: toLabErrorData(error).message })
    }
    this.#isLooking = false
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const onLooked of waiting) onLooked()
    this.#schedule(LOOK_MS)
  }
}
