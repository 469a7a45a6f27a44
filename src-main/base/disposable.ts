/** Ownership of everything that subscribes, listens or runs. */

export interface Disposable {
  /** Ends it; calling it again does nothing. */
  dispose(): void | Promise<void>
}

/** Makes a disposable of a function; it runs once. */
export function toDisposable(dispose: () => void | Promise<void>): Disposable {
  let disposed = false
  return {
    dispose() {
      if (disposed) return
      disposed = true
      return dispose()
    },
  }
}

/** Owns disposables and ends them in reverse order. What is added after its end is ended at once. */
export class DisposableStore implements Disposable {
  #items: Disposable[] = []
  #disposed = false

  add<T extends Disposable>(item: T): T {
    if (this.#disposed) void item.dispose()
    else this.#items.push(item)
    return item
  }

  /** Ends all, the newest first; the first failure is thrown after all were tried. */
  async dispose(): Promise<void> {
    this.#disposed = true
    const items = this.#items.splice(0).reverse()
    const failures: unknown[] = []
    for (const item of items) {
      try {
        await item.dispose()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}
