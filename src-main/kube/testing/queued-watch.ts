/** A watch whose events are pushed, with its selection. */
import type { UnknownObject } from '../../common/api/api-object.ts'
import type { WatchEvent, WatchOptions, WatchStream } from '../api-client.ts'
import { matchesFields } from './match-fields.ts'

export class QueuedWatch implements WatchStream<UnknownObject> {
  readonly resource: string
  readonly #options: WatchOptions
  readonly #onEnd: () => void
  readonly #queue: WatchEvent[] = []
  #hasEnded = false
  #wake: (() => void) | undefined

  constructor(resource: string, options: WatchOptions, onEnd: () => void) {
    this.resource = resource
    this.#options = options
    this.#onEnd = onEnd
  }

  push(event: WatchEvent): void {
    if (!this.#selects(event)) return
    this.#queue.push(event)
    this.#wake?.()
  }

  end(): void {
    this.#hasEnded = true
    this.#wake?.()
  }

  dispose(): void {
    this.end()
    this.#onEnd()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WatchEvent> {
    for (;;) {
      const event = this.#queue.shift()
      if (event !== undefined) yield event
      else if (this.#hasEnded) return
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }

  #selects({ type, object }: WatchEvent): boolean {
    if (type === 'ERROR' || type === 'BOOKMARK') return true
    const { namespace = '', fieldSelector } = this.#options
    return (namespace === '' || object.metadata.namespace === namespace) && matchesFields(object, fieldSelector)
  }
}
