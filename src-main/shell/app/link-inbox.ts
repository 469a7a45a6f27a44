/** What the window was asked to open and has not opened yet: a request may come before its page is there to hear of it. */
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import type { LinkRequest } from '../../common/ipc/app-link.ts'

export class LinkInbox {
  readonly #listeners = new Set<() => void>()
  #waiting: LinkRequest | undefined

  /** A later request replaces one that nobody has taken: a window shows one page. */
  put(request: LinkRequest): void {
    this.#waiting = request
    for (const listener of [...this.#listeners]) listener()
  }

  take(): LinkRequest | undefined {
    const request = this.#waiting
    this.#waiting = undefined
    return request
  }

  onPut(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return toDisposable(() => void this.#listeners.delete(listener))
  }
}
