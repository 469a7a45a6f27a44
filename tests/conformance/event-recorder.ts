/** Keeps everything that a runtime tells, over one stream: containerd shares its events out among those who listen. */
import type { ContainerEventResponse, RuntimeService } from '../../src-main/container-runtime/cri.ts'

export class EventRecorder {
  readonly events: ContainerEventResponse[] = []
  readonly #abort = new AbortController()
  readonly #done: Promise<void>

  constructor(runtime: RuntimeService) {
    this.#done = runtime.getContainerEvents({
      signal: this.#abort.signal,
      onEvent: (event) => this.events.push(event),
    })
    // Told to whoever ends it; until then a broken stream shows as events that do not come.
    this.#done.catch(() => undefined)
  }

  /** Resolves when the stream has ended; rejects when it had ended in another way. */
  end(): Promise<void> {
    this.#abort.abort()
    return this.#done
  }
}
