/** Who listens to a runtime's events; shared by all runtimes behind `getContainerEvents`. */
import type { ContainerEventResponse, CriError, RuntimeService } from './cri.ts'

interface Subscriber {
  onEvent: (event: ContainerEventResponse) => void
  end: (error?: CriError) => void
}

export class EventSubscribers {
  readonly #subscribers = new Set<Subscriber>()

  get isEmpty(): boolean {
    return this.#subscribers.size === 0
  }

  /** As `getContainerEvents`. */
  subscribe(options: Parameters<RuntimeService['getContainerEvents']>[0]): Promise<void> {
    if (options.signal.aborted) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const onAbort = (): void => subscriber.end()
      const subscriber: Subscriber = {
        onEvent: options.onEvent,
        end: (error) => {
          this.#subscribers.delete(subscriber)
          options.signal.removeEventListener('abort', onAbort)
          if (error === undefined) resolve()
          else reject(error)
        },
      }
      options.signal.addEventListener('abort', onAbort, { once: true })
      this.#subscribers.add(subscriber)
      options.onOpen?.()
    })
  }

  publish(event: ContainerEventResponse): void {
    for (const subscriber of [...this.#subscribers]) subscriber.onEvent(event)
  }

  /** Something may have been missed: everyone has to list again and subscribe anew. */
  breakAll(error: CriError): void {
    for (const subscriber of [...this.#subscribers]) subscriber.end(error)
  }
}
