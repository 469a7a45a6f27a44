/**
 * Holds events back that nobody waits for, so that one look at a pod tells of several. Who makes a container and starts it
 * knows by the answers to its calls; only what happens by itself, an end, is news that is waited for.
 */
import type { Clock, Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { ContainerEvent, EngineAction } from './engine-event-stream.ts'

/** What is made is started next, and a sandbox gets its first container soon: most pods begin with one look. */
const PATIENCE_MS: Record<EngineAction, number> = { create: 1000, start: 200, die: 0, destroy: 0 }

interface Waiting {
  events: ContainerEvent[]
  dueMs: number
  timer: Timer | undefined
}

export class PatientEvents implements Disposable {
  readonly #clock: Clock
  readonly #pass: (events: ContainerEvent[]) => void
  readonly #waiting = new Map<string, Waiting>()

  /** @param options.pass gets those of one sandbox in their order */
  constructor(options: { clock: Clock; pass: (events: ContainerEvent[]) => void }) {
    this.#clock = options.clock
    this.#pass = options.pass
  }

  /** An event of the sandbox or of one of its containers; one that cannot wait takes along those before it. */
  add(sandboxId: string, event: ContainerEvent): void {
    const waiting = this.#waiting.get(sandboxId) ?? { events: [], dueMs: Infinity, timer: undefined }
    this.#waiting.set(sandboxId, waiting)
    waiting.events.push(event)
    const patienceMs = PATIENCE_MS[event.action]
    const dueMs = this.#clock.now() + patienceMs
    if (dueMs >= waiting.dueMs) return
    waiting.timer?.cancel()
    waiting.dueMs = dueMs
    if (patienceMs === 0) this.#passOn(sandboxId, waiting)
    else waiting.timer = this.#clock.setTimer(patienceMs, () => this.#passOn(sandboxId, waiting))
  }

  dispose(): void {
    for (const { timer } of this.#waiting.values()) timer?.cancel()
    this.#waiting.clear()
  }

  #passOn(sandboxId: string, { events }: Waiting): void {
    this.#waiting.delete(sandboxId)
    this.#pass(events)
  }
}
