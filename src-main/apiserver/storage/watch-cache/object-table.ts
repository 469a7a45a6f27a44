/** Objects by key, listed in the order of their keys. */
export class ObjectTable<Kind> {
  readonly #objects = new Map<string, Kind>()
  /** Sorted; made anew when it is next needed after keys came or went. */
  #keys: string[] | undefined

  get(key: string): Kind | undefined {
    return this.#objects.get(key)
  }

  set(key: string, object: Kind): void {
    if (!this.#objects.has(key)) this.#keys = undefined
    this.#objects.set(key, object)
  }

  delete(key: string): void {
    if (this.#objects.delete(key)) this.#keys = undefined
  }

  /** In the order of the store: by UTF-16 units, which is by bytes for the ASCII that keys are made of. */
  list(prefix: string): Kind[] {
    const keys = (this.#keys ??= [...this.#objects.keys()].sort())
    const found: Kind[] = []
    for (let index = firstAtOrAfter(keys, prefix); index < keys.length; index++) {
      const key = keys[index]
      if (key === undefined || !key.startsWith(prefix)) break
      const object = this.#objects.get(key)
      if (object !== undefined) found.push(object)
    }
    return found
  }
}

function firstAtOrAfter(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((keys[middle] ?? '') < key) low = middle + 1
    else high = middle
  }
  return low
}
