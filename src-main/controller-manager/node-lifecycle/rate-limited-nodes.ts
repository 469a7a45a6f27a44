/** Nodes that wait for their turn, one after the other and no faster than a rate (nodelifecycle/scheduler RateLimitedTimedQueue). */
import type { Clock, Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'

export interface RateLimitedNodesOptions {
  clock: Clock
  perSecond: number
  /** A rejection means: again, at its next turn. */
  act(node: string): Promise<void>
  onFailure(node: string, error: unknown): void
}

export class RateLimitedNodes implements Disposable {
  readonly #options: RateLimitedNodesOptions
  readonly #waiting = new Set<string>()
  #perSecond: number
  /** From then on one may go; more than one never gather. */
  #nextMs = 0
  #timer: Timer | undefined
  #state: 'idle' | 'acting' | 'disposed' = 'idle'

  constructor(options: RateLimitedNodesOptions) {
    this.#options = options
    this.#perSecond = options.perSecond
  }

  /** A node waits once. */
  add(node: string): void {
    this.#waiting.add(node)
    this.#arm()
  }

  remove(node: string): void {
    this.#waiting.delete(node)
  }

  /** 0: nobody goes. Who could not go yet waits for the new rate's time. */
  setRate(perSecond: number): void {
    if (perSecond === this.#perSecond) return
    const nowMs = this.#options.clock.now()
    const couldGo = this.#perSecond > 0 && this.#nextMs <= nowMs
    this.#perSecond = perSecond
    this.#nextMs = couldGo ? nowMs : nowMs + this.#intervalMs
    this.#timer?.cancel()
    this.#timer = undefined
    this.#arm()
  }

  dispose(): void {
    this.#state = 'disposed'
    this.#timer?.cancel()
  }

  get #intervalMs(): number {
    return this.#perSecond > 0 ? 1000 / this.#perSecond : 0
  }

  #arm(): void {
    const [next] = this.#waiting
    if (this.#state !== 'idle' || this.#timer !== undefined || next === undefined || this.#perSecond <= 0) return
    const { clock } = this.#options
    const waitMs = this.#nextMs - clock.now()
    if (waitMs <= 0) return void this.#act(next)
    this.#timer = clock.setTimer(waitMs, () => {
      this.#timer = undefined
      this.#arm()
    })
  }

  async #act(node: string): Promise<void> {
    this.#state = 'acting'
    this.#waiting.delete(node)
    this.#nextMs = this.#options.clock.now() + this.#intervalMs
    try {
      await this.#options.act(node)
    } catch (error) {
      this.#options.onFailure(node, error)
      this.#waiting.add(node)
    }
    if (this.#state !== 'acting') return
    this.#state = 'idle'
    this.#arm()
  }
}
