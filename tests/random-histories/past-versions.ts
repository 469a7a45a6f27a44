/** What objects were, and until when: controllers may act on what was so a moment ago. */
export class PastVersions<Kind> {
  readonly #versions: { object: Kind; untilMs: number }[] = []

  /** From now on it is so; `undefined`: it is not there. */
  become(object: Kind | undefined, nowMs: number): void {
    const last = this.#versions.at(-1)
    if (last?.untilMs === Infinity) last.untilMs = nowMs
    if (object !== undefined) this.#versions.push({ object, untilMs: Infinity })
  }

  get present(): Kind | undefined {
    const last = this.#versions.at(-1)
    return last?.untilMs === Infinity ? last.object : undefined
  }

  /** All that it was at some time since then. */
  since(ms: number): Kind[] {
    return this.#versions.filter(({ untilMs }) => untilMs >= ms).map(({ object }) => object)
  }
}
