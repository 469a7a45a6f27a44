/**
 * API Priority and Fairness (apiserver/pkg/util/flowcontrol): how many requests are worked on at once, and whose turn is next.
 * Without it two hundred kubelets that report what they started keep the heartbeat of a component waiting until it loses its
 * lease. Of upstream's machinery it has levels with seats of their own, seats that are lent while nobody of that level waits,
 * and turns between users; it has no objects of flowcontrol.apiserver.k8s.io.
 */
import type { Clock } from '../../base/clock.ts'
import { tooManyRequests } from '../../kube/status-error.ts'
import type { UserInfo } from '../authentication/user-info.ts'
import type { RequestInfo } from '../endpoints/request-info.ts'
import { classifyRequest, LEVEL_SHARES, PRIORITY_LEVELS, type PriorityLevel } from './classify-request.ts'
import { FairQueue } from './fair-queue.ts'

/**
 * One thread does all of the work, and a request waits for the store meanwhile: more at once would only make each slower.
 * Upstream's default for its many threads is 600.
 */
const MAX_SEATS = 32
/** A quarter of the request timeout, as upstream. */
const PATIENCE_MS = 15_000
const MAX_WAITING = 5000
const RETRY_AFTER_SECONDS = 1

export interface FlowControllerOptions {
  clock: Clock
  /** Of `--max-requests-inflight` and `--max-mutating-requests-inflight` together; 0: no limit of its own. */
  maxInflight: number
}

interface Waiter {
  start: () => void
}

export class FlowController {
  readonly #clock: Clock
  readonly #seats: number
  readonly #levels = new Map<PriorityLevel, { nominal: number; running: number; waiting: FairQueue<Waiter> }>()
  #running = 0

  constructor({ clock, maxInflight }: FlowControllerOptions) {
    this.#clock = clock
    this.#seats = maxInflight > 0 ? Math.min(maxInflight, MAX_SEATS) : MAX_SEATS
    const total = PRIORITY_LEVELS.reduce((sum, level) => sum + LEVEL_SHARES[level], 0)
    for (const level of PRIORITY_LEVELS)
      this.#levels.set(level, {
        nominal: Math.ceil((this.#seats * LEVEL_SHARES[level]) / total),
        running: 0,
        waiting: new FairQueue(),
      })
  }

  /**
   * Does the work when it is its turn; not at all when the signal comes first, whose reason is then thrown.
   * @throws StatusError 429 when too many wait, or it has waited for 15 s
   */
  async run<Answer>(
    user: UserInfo,
    info: RequestInfo,
    signal: AbortSignal,
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    const classification = classifyRequest(user, info)
    if (classification.kind === 'exempt') return await work()
    const { level, flow } = classification
    if (this.#running >= this.#seats || this.#level(level).waiting.size > 0) await this.#wait(level, flow, signal)
    else this.#take(level)
    try {
      return await work()
    } finally {
      this.#release(level)
    }
  }

  /** Resolves with the seat taken. */
  #wait(level: PriorityLevel, flow: string, signal: AbortSignal): Promise<void> {
    const { waiting } = this.#level(level)
    if (waiting.size >= MAX_WAITING) throw busy()
    return new Promise((resolve, reject) => {
      const give = (outcome: () => void): void => {
        patience.cancel()
        signal.removeEventListener('abort', onAbort)
        outcome()
      }
      const leave = (reason: unknown): void => {
        waiting.remove(flow, waiter)
        give(() => reject(reason instanceof Error ? reason : new Error(String(reason))))
      }
      const onAbort = (): void => leave(signal.reason)
      const waiter: Waiter = { start: () => give(resolve) }
      const patience = this.#clock.setTimer(PATIENCE_MS, () => leave(busy()))
      signal.addEventListener('abort', onAbort)
      waiting.add(flow, waiter)
    })
  }

  #take(level: PriorityLevel): void {
    this.#running++
    this.#level(level).running++
  }

  #release(level: PriorityLevel): void {
    this.#running--
    this.#level(level).running--
    while (this.#running < this.#seats) {
      const next = this.#nextLevel()
      if (next === undefined) return
      this.#take(next)
      this.#level(next).waiting.next()?.start()
    }
  }

  /** Whose own seats are not all taken; else whoever waits. */
  #nextLevel(): PriorityLevel | undefined {
    const waiting = PRIORITY_LEVELS.filter((level) => this.#level(level).waiting.size > 0)
    return waiting.find((level) => this.#level(level).running < this.#level(level).nominal) ?? waiting[0]
  }

  #level(level: PriorityLevel): { nominal: number; running: number; waiting: FairQueue<Waiter> } {
    const found = this.#levels.get(level)
    if (found === undefined) throw new Error(`no priority level ${level}`)
    return found
  }
}

function busy(): Error {
  return tooManyRequests('too many requests, please try again later', RETRY_AFTER_SECONDS)
}
