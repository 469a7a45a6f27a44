/**
 * Folds timeline entries that arrive (in batches, perhaps twice after a re-connect) into one list in the order in which they
 * happened: on one node that of its numbers, whatever its clock did.
 */
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import { entryKey, orderEntries, type OrderedEntry } from '@common/timeline/order-entries.ts'

export { entryKey } from '@common/timeline/order-entries.ts'

/** Once there are too many, so much of the limit is kept: who follows the list then sees another beginning rarely. */
const KEPT_PART = 0.9

/** Remembers which entries it has, so that what is added costs no more than itself. */
export class EntryFold {
  readonly #limit: number
  readonly #keys = new Set<string>()
  #ordered: readonly OrderedEntry[] = []
  #entries: readonly TimelineEntry[] = []
  /** The last one of each node. */
  readonly #last = new Map<string, OrderedEntry>()
  /** Lists of single nodes; made when they are first asked for, and gone when something new happens there. */
  readonly #byNode = new Map<string, readonly TimelineEntry[]>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Returns a new list, oldest first, of at most `limit` entries; the same list when nothing is new. */
  add(added: readonly TimelineEntry[]): readonly TimelineEntry[] {
    const fresh = added.filter((entry) => {
      const key = entryKey(entry)
      if (this.#keys.has(key)) return false
      this.#keys.add(key)
      return true
    })
    if (fresh.length === 0) return this.#entries
    const all = this.#append(fresh) ?? orderEntries([...this.#entries, ...fresh])
    this.#ordered = all.length > this.#limit ? this.#trim(all) : all
    this.#entries = this.#ordered.map(({ entry }) => entry)
    for (const ordered of this.#ordered) this.#last.set(ordered.entry.node, ordered)
    if (all.length > this.#limit) this.#byNode.clear()
    else for (const { node } of fresh) this.#byNode.delete(node)
    return this.#entries
  }

  /** `undefined` when not all of them come after all that is known, as nearly always. */
  #append(fresh: readonly TimelineEntry[]): OrderedEntry[] | undefined {
    const appended: OrderedEntry[] = []
    const lastOf = new Map(this.#last)
    let latest = this.#ordered.at(-1)?.at ?? ''
    for (const entry of fresh) {
      const last = lastOf.get(entry.node)
      if (last !== undefined && (last.entry.boot !== entry.boot || last.entry.sequence >= entry.sequence))
        return undefined
      const at = last !== undefined && last.at > entry.time ? last.at : entry.time
      if (at < latest) return undefined
      latest = at
      const ordered = { entry, at }
      lastOf.set(entry.node, ordered)
      appended.push(ordered)
    }
    return [...this.#ordered, ...appended]
  }

  /** Those of one node, oldest first; the same list as long as nothing new happened there. */
  ofNode(name: string): readonly TimelineEntry[] {
    const known = this.#byNode.get(name)
    if (known !== undefined) return known
    const found = this.#entries.filter(({ node }) => node === name)
    this.#byNode.set(name, found)
    return found
  }

  #trim(all: readonly OrderedEntry[]): readonly OrderedEntry[] {
    const kept = all.slice(-Math.ceil(this.#limit * KEPT_PART))
    for (const { entry } of all.slice(0, all.length - kept.length)) this.#keys.delete(entryKey(entry))
    return kept
  }
}
