/**
 * The node's boots. A pod's containers belong to the boot of the node container under which they were made; when the
 * node stops, dies or starts anew they go, as in a power cut (design §3).
 */
import { delay } from '../../base/clock.ts'
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import { CriError } from '../cri.ts'
import { isEngineStatus } from './engine-client.ts'
import type { ListedContainer, NodeEngine } from './node-engine.ts'
import type { EngineContainer } from './engine-types.ts'

export type BootState =
  | { state: 'unknown' }
  | { state: 'down' }
  /** `boot` is the node container's start time as the engine writes it. */
  | { state: 'up'; nodeContainerId: string; boot: string }

const RETRY_MS = 1000
const PARALLEL_REMOVALS = 4

/** Everything that belongs to another boot; containers before the sandboxes whose namespaces they use. */
export function computeStale(listed: readonly ListedContainer[], boot: BootState): ListedContainer[] {
  if (boot.state === 'unknown') return []
  const stale = listed.filter(({ identity }) => boot.state === 'down' || identity.boot !== boot.boot)
  return [
    ...stale.filter(({ identity }) => identity.role === 'container'),
    ...stale.filter(({ identity }) => identity.role === 'sandbox'),
  ]
}

export class NodeBoot {
  readonly #node: NodeEngine
  readonly #clock: Clock
  readonly #logger: Logger
  #current: BootState = { state: 'unknown' }
  #running: Promise<void> | undefined
  #again = false

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
   * Looks at the node and removes what belongs to another boot; resolves when nothing of it is left. A call during
   * another makes that one look once more.
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
  }

  async #syncOnce(): Promise<void> {
    const next = await this.#readBoot()
    if (JSON.stringify(next) !== JSON.stringify(this.#current)) this.#logger.info('node boot', { ...next })
    this.#current = next
    this.#node.currentBoot = next.state === 'up' ? next.boot : undefined
    const stale = computeStale(await this.#node.listAllBoots(), next)
    for (const role of ['container', 'sandbox'] as const) {
      const queue = stale.filter(({ identity }) => identity.role === role)
      const worker = async (): Promise<void> => {
        for (let item = queue.shift(); item !== undefined; item = queue.shift())
          await this.#node.remove(item.summary.Id)
      }
      await Promise.all(Array.from({ length: PARALLEL_REMOVALS }, worker))
    }
    await this.#node.removeUnheldMemoryVolumes()
    if (stale.length > 0) this.#logger.info('removed what another boot of the node left', { count: stale.length })
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
