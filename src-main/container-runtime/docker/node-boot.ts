/**
 * The node's boots. A pod's containers belong to the boot of the node container under which they were made; when the
 * node stops, dies or starts anew they die, as in a power cut (design §3). Their remains stay for the kubelet to read, as
 * containerd's do: how often a container was started, how it ended, and that a pod has done its work.
 */
import { delay } from '../../base/clock.ts'
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import { CriError } from '../cri.ts'
import { isEngineStatus } from './engine-client.ts'
import { computeListedState } from './map-status.ts'
import type { ListedContainer, NodeEngine } from './node-engine.ts'
import type { EngineContainer } from './engine-types.ts'

export type BootState =
  | { state: 'unknown' }
  | { state: 'down' }
  /** `boot` is the node container's start time as the engine writes it. */
  | { state: 'up'; nodeContainerId: string; boot: string }

const RETRY_MS = 1000
const PARALLEL_ENDS = 4
/** How long a call waits for the clean-up after a boot, or for the engine to be heard again; a kubelet asks again. */
const SETTLE_LIMIT_MS = 5_000

export interface StaleContainer {
  id: string
  role: 'container' | 'sandbox'
  /** What runs is killed; what was made and never ran tells nothing and is removed. */
  end: 'kill' | 'remove'
}

/** What belongs to another boot and is not dead; containers before the sandboxes whose namespaces they use. */
export function computeStale(listed: readonly ListedContainer[], boot: BootState): StaleContainer[] {
  if (boot.state === 'unknown') return []
  const stale = listed.flatMap(({ summary, identity }): StaleContainer[] => {
    if (boot.state === 'up' && identity.boot === boot.boot) return []
    const state = computeListedState(summary.State)
    if (state === 'CONTAINER_EXITED') return []
    return [{ id: summary.Id, role: identity.role, end: state === 'CONTAINER_CREATED' ? 'remove' : 'kill' }]
  })
  return [...stale.filter(({ role }) => role === 'container'), ...stale.filter(({ role }) => role === 'sandbox')]
}

export class NodeBoot {
  readonly #node: NodeEngine
  readonly #clock: Clock
  readonly #logger: Logger
  #current: BootState = { state: 'unknown' }
  #running: Promise<void> | undefined
  #again = false
  /** Resolves when the engine is heard again and what belongs to another boot has ended. */
  #lost: PromiseWithResolvers<void> | undefined

  constructor(node: NodeEngine, clock: Clock, logger: Logger) {
    this.#node = node
    this.#clock = clock
    this.#logger = logger
  }

  get current(): BootState {
    return this.#current
  }

  /** @throws CriError FailedPrecondition while the node is not running */
  require(): Extract<BootState, { state: 'up' }> {
    if (this.#current.state === 'up') return this.#current
    throw new CriError('FailedPrecondition', `node ${this.#node.options.node} is not running`)
  }

  /**
   * Resolves when nothing of another boot runs, as far as is known. Whoever is answered before might adopt it.
   * @throws CriError Unavailable when that takes too long
   */
  async settled(): Promise<void> {
    const settling = this.#lost?.promise ?? this.#running
    if (settling === undefined) return
    const limit = new AbortController()
    const late = delay(this.#clock, SETTLE_LIMIT_MS, limit.signal).then(
      () => true,
      () => false,
    )
    const isLate = await Promise.race([settling.then(() => false), late])
    limit.abort()
    if (!isLate) return
    throw new CriError('Unavailable', `it is not known yet what runs on ${this.#node.options.node}: ask again`)
  }

  /** The engine is not heard any more: whether the node has booted meanwhile is known after the next `sync`. */
  unsettle(): void {
    this.#lost ??= Promise.withResolvers()
  }

  /**
   * Looks at the node and ends what belongs to another boot; resolves when nothing of it runs. A call during another
   * makes that one look once more.
   */
  sync(signal: AbortSignal): Promise<void> {
    if (this.#running !== undefined) {
      this.#again = true
      return this.#running
    }
    this.#running = this.#syncUntilClean(signal).finally(() => (this.#running = undefined))
    return this.#running
  }

  async #syncUntilClean(signal: AbortSignal): Promise<void> {
    do {
      this.#again = false
      try {
        await this.#syncOnce()
      } catch (error) {
        this.#logger.warn('cannot clean up after the node yet', { error })
        this.#again = true
        await delay(this.#clock, RETRY_MS, signal)
      }
    } while (this.#again)
    this.#lost?.resolve()
    this.#lost = undefined
  }

  async #syncOnce(): Promise<void> {
    const next = await this.#readBoot()
    if (JSON.stringify(next) !== JSON.stringify(this.#current)) this.#logger.info('node boot', { ...next })
    this.#current = next
    const stale = computeStale(await this.#node.list(), next)
    for (const role of ['container', 'sandbox'] as const) {
      const queue = stale.filter((item) => item.role === role)
      const worker = async (): Promise<void> => {
        for (let item = queue.shift(); item !== undefined; item = queue.shift())
          await (item.end === 'kill' ? this.#node.stop(item.id, 0) : this.#node.remove(item.id))
      }
      await Promise.all(Array.from({ length: PARALLEL_ENDS }, worker))
    }
    if (stale.length > 0) this.#logger.info('ended what another boot of the node left', { count: stale.length })
  }

  async #readBoot(): Promise<BootState> {
    try {
      const name = encodeURIComponent(this.#node.options.nodeContainer)
      const container = await this.#node.engine.json<EngineContainer>(`/containers/${name}/json`)
      if (!container.State.Running) return { state: 'down' }
      return { state: 'up', nodeContainerId: container.Id, boot: container.State.StartedAt }
    } catch (error) {
      if (isEngineStatus(error, 404)) return { state: 'down' }
      throw error
    }
  }
}
