/** Containers that are being started at this moment: the engine calls them created until they run. */
export class StartsInFlight {
  readonly #starts = new Map<string, Promise<void>>()

  /** Two calls at once do not run it twice, however soon it ends. */
  run(id: string, start: () => Promise<void>): Promise<void> {
    const running = this.#starts.get(id)
    if (running !== undefined) return running
    const starting = start().finally(() => this.#starts.delete(id))
    this.#starts.set(id, starting)
    return starting
  }

  /** Resolves when those that are being started now run, or have failed. */
  async ended(ids: readonly string[]): Promise<void> {
    await Promise.allSettled(ids.map((id) => this.#starts.get(id)))
  }
}
