/** Objects by values computed from them, such as pods by their node (client-go's Indexer). */
export class ObjectIndex<Kind> {
  readonly #valuesOf: (object: Kind) => readonly string[]
  readonly #byValue = new Map<string, Map<string, Kind>>()
  readonly #valuesByKey = new Map<string, readonly string[]>()

  constructor(valuesOf: (object: Kind) => readonly string[]) {
    this.#valuesOf = valuesOf
  }

  /** In the place of what had this key. */
  put(key: string, object: Kind): void {
    this.remove(key)
    const values = this.#valuesOf(object)
    this.#valuesByKey.set(key, values)
    for (const value of values) {
      const found = this.#byValue.get(value)
      if (found === undefined) this.#byValue.set(value, new Map([[key, object]]))
      else found.set(key, object)
    }
  }

  remove(key: string): void {
    for (const value of this.#valuesByKey.get(key) ?? []) {
      const found = this.#byValue.get(value)
      found?.delete(key)
      if (found?.size === 0) this.#byValue.delete(value)
    }
    this.#valuesByKey.delete(key)
  }

  get(value: string): Kind[] {
    return [...(this.#byValue.get(value)?.values() ?? [])]
  }
}
