/** Lines of several flows: within a flow first come first served, and flows take turns. */
export class FairQueue<Item> {
  /** In the order of their turns. */
  readonly #flows = new Map<string, Item[]>()
  #size = 0

  get size(): number {
    return this.#size
  }

  add(flow: string, item: Item): void {
    const line = this.#flows.get(flow)
    if (line === undefined) this.#flows.set(flow, [item])
    else line.push(item)
    this.#size++
  }

  /** Takes out whose turn it is; its flow goes to the end. */
  next(): Item | undefined {
    const [first] = this.#flows
    if (first === undefined) return undefined
    const [flow, line] = first
    const item = line.shift()
    this.#flows.delete(flow)
    if (line.length > 0) this.#flows.set(flow, line)
    this.#size--
    return item
  }

  remove(flow: string, item: Item): void {
    const line = this.#flows.get(flow)
    const index = line?.indexOf(item) ?? -1
    if (line === undefined || index < 0) return
    line.splice(index, 1)
    if (line.length === 0) this.#flows.delete(flow)
    this.#size--
  }
}
