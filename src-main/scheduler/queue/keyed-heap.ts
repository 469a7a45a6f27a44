/** A heap whose items can be found and taken out by their key (backend/heap). */
export class KeyedHeap<Item> {
  readonly #keyOf: (item: Item) => string
  /** Negative: `one` comes first. Never 0 for two items. */
  readonly #compare: (one: Item, other: Item) => number
  readonly #items: Item[] = []
  readonly #places = new Map<string, number>()

  constructor(keyOf: (item: Item) => string, compare: (one: Item, other: Item) => number) {
    this.#keyOf = keyOf
    this.#compare = compare
  }

  get size(): number {
    return this.#items.length
  }

  get(key: string): Item | undefined {
    const place = this.#places.get(key)
    return place === undefined ? undefined : this.#items[place]
  }

  get first(): Item | undefined {
    return this.#items[0]
  }

  values(): Iterable<Item> {
    return this.#items.values()
  }

  /** In the place of what had its key. */
  put(item: Item): void {
    this.remove(this.#keyOf(item))
    this.#set(this.#items.length, item)
    this.#rise(this.#items.length - 1)
  }

  remove(key: string): Item | undefined {
    const place = this.#places.get(key)
    if (place === undefined) return undefined
    const removed = this.#items[place]
    const last = this.#items.pop()
    this.#places.delete(key)
    if (last !== undefined && place < this.#items.length) {
      this.#set(place, last)
      this.#rise(place)
      this.#sink(place)
    }
    return removed
  }

  takeFirst(): Item | undefined {
    const { first } = this
    return first === undefined ? undefined : this.remove(this.#keyOf(first))
  }

  clear(): void {
    this.#items.length = 0
    this.#places.clear()
  }

  #rise(from: number): void {
    for (let place = from; place > 0;) {
      const parent = (place - 1) >> 1
      if (!this.#isBefore(place, parent)) return
      this.#swap(place, parent)
      place = parent
    }
  }

  #sink(from: number): void {
    for (let place = from; ;) {
      const left = 2 * place + 1
      const child = left + 1 < this.#items.length && this.#isBefore(left + 1, left) ? left + 1 : left
      if (child >= this.#items.length || !this.#isBefore(child, place)) return
      this.#swap(place, child)
      place = child
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [first, second] = [this.#items[one], this.#items[other]]
    return first !== undefined && second !== undefined && this.#compare(first, second) < 0
  }

  #swap(one: number, other: number): void {
    const [first, second] = [this.#items[one], this.#items[other]]
    if (first === undefined || second === undefined) return
    this.#set(one, second)
    this.#set(other, first)
  }

  #set(place: number, item: Item): void {
    this.#items[place] = item
    this.#places.set(this.#keyOf(item), place)
  }
}
