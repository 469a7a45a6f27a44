/** The engine's own account of what started and died when: nothing polls while something is measured. */
import type { Disposable } from '../../src-main/base/disposable.ts'
import type { Engine, EngineEvent } from '../../src-main/lab/engine/engine.ts'
import { LAB_LABEL } from '../../src-main/common/engine-labels.ts'

const TIMEOUT_MS = 60_000

interface Waiter {
  accept: (event: EngineEvent) => boolean
  resolve: (timeMs: number) => void
}

export class EngineWatch implements Disposable {
  #waiters = new Set<Waiter>()
  readonly #subscription: Disposable

  private constructor(engine: Engine, lab: string, onReady: () => void) {
    this.#subscription = engine.watchEvents(
      { [LAB_LABEL]: lab },
      { onEvent: (event) => this.#onEvent(event), onReconnected: onReady },
    )
  }

  /** Resolves when events begin to be delivered. */
  static async open(engine: Engine, lab: string): Promise<EngineWatch> {
    let watch: EngineWatch | undefined
    await new Promise<void>((resolve) => {
      watch = new EngineWatch(engine, lab, resolve)
    })
    if (watch === undefined) throw new Error('the watch was not made')
    return watch
  }

  /** Milliseconds since the epoch of the next `action` of the pod's sandbox or application container. */
  next(action: string, pod: string, part: 'sandbox' | 'container', timeoutMs = TIMEOUT_MS): Promise<number> {
    return new Promise((resolve, reject) => {
      const accept = ({ action: seen, attributes }: EngineEvent): boolean =>
        seen === action && attributes['io.kubernetes.pod.name'] === pod && attributes['io.node-lab.role'] === part
      const waiter = { accept, resolve }
      this.#waiters.add(waiter)
      setTimeout(() => {
        if (this.#waiters.delete(waiter)) reject(new Error(`Waited in vain for: ${action} of the ${part} of ${pod}`))
      }, timeoutMs).unref()
    })
  }

  async dispose(): Promise<void> {
    await this.#subscription.dispose()
  }

  #onEvent(event: EngineEvent): void {
    for (const waiter of [...this.#waiters]) {
      if (!waiter.accept(event)) continue
      this.#waiters.delete(waiter)
      waiter.resolve(Number(event.timeNano / 1_000_000n))
    }
  }
}
