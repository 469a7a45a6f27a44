/** Whether the runtime service answers and says that it is ready; asked every 5 s (facts 2.1). */
import type { Clock, Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { RuntimeService } from '../../container-runtime/cri.ts'
import { rpcDescription } from './describe-error.ts'

const POLL_MS = 5000
const POLL_WHEN_LOST_MS = 500

export interface RuntimeHealthState {
  ready: boolean
  /** Why it is not. */
  message: string | undefined
  /** `undefined`: the pod network is there. */
  networkProblem: string | undefined
  /** Scheme of container ids, such as `docker`. */
  runtimeName: string
}

export class RuntimeHealth implements Disposable {
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #runtime: RuntimeService
  readonly #onChange: (state: RuntimeHealthState, before: RuntimeHealthState) => void
  #state: RuntimeHealthState = {
    ready: false,
    message: 'container runtime status check may not have completed yet',
    networkProblem: undefined,
    runtimeName: 'containerd',
  }
  #nameKnown = false
  #timer: Timer | undefined
  #asking = false
  #disposed = false

  constructor(options: {
    clock: Clock
    logger: Logger
    runtime: RuntimeService
    onChange: (state: RuntimeHealthState, before: RuntimeHealthState) => void
  }) {
    this.#clock = options.clock
    this.#logger = options.logger
    this.#runtime = options.runtime
    this.#onChange = options.onChange
  }

  get state(): RuntimeHealthState {
    return this.#state
  }

  start(): void {
    this.ask()
  }

  dispose(): void {
    this.#disposed = true
    this.#timer?.cancel()
  }

  /** Asks now instead of at the next turn. */
  ask(): void {
    if (this.#asking || this.#disposed) return
    this.#timer?.cancel()
    void this.#poll()
  }

  async #poll(): Promise<void> {
    this.#asking = true
    const next = await this.#observe()
    this.#asking = false
    if (this.#disposed) return
    const before = this.#state
    this.#state = next
    this.#timer = this.#clock.setTimer(next.ready ? POLL_MS : POLL_WHEN_LOST_MS, () => this.ask())
    if (before.ready === next.ready && before.message === next.message && before.networkProblem === next.networkProblem)
      return
    if (next.message !== undefined && next.message !== before.message)
      this.#logger.error('Container runtime not ready', { runtimeState: next.message })
    this.#onChange(next, before)
  }

  async #observe(): Promise<RuntimeHealthState> {
    const { runtimeName } = this.#state
    try {
      const name = this.#nameKnown ? runtimeName : (await this.#runtime.version()).runtimeName
      this.#nameKnown = true
      const { conditions } = await this.#runtime.status()
      const problem = (type: string): string | undefined => {
        const condition = conditions.find((candidate) => candidate.type === type)
        return condition?.status === true ? undefined : (condition?.message ?? `${type} is missing`)
      }
      const message = problem('RuntimeReady')
      return { ready: message === undefined, message, networkProblem: problem('NetworkReady'), runtimeName: name }
    } catch (error) {
      return {
        ready: false,
        message: `container runtime is down: ${rpcDescription(error)}`,
        networkProblem: undefined,
        runtimeName,
      }
    }
  }
}
