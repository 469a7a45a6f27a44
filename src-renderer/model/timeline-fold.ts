/** Folds timeline entries that arrive (in batches, perhaps twice after a re-connect) into one list in the order of time. */
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'

/** Sequence numbers grow within a node's boot, so this names one entry of a lab. */
export function entryKey({ node, boot, sequence }: TimelineEntry): string {
  return `${node}/${boot}/${sequence}`
}

/** Once there are too many, so much of the limit is kept: who follows the list then sees another beginning rarely. */
const KEPT_PART = 0.9

/** Remembers which entries it has, so that what is added costs no more than itself. */
export class EntryFold {
  readonly #limit: number
  readonly #keys = new Set<string>()
  #entries: readonly TimelineEntry[] = []
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
    fresh.sort(compareEntries)
    const [first] = fresh
    const last = this.#entries.at(-1)
    const all = [...this.#entries, ...fresh]
    if (first !== undefined && last !== undefined && compareEntries(last, first) > 0) all.sort(compareEntries)
    this.#entries = all.length > this.#limit ? this.#trim(all) : all
    if (all.length > this.#limit) this.#byNode.clear()
    else for (const { node } of fresh) this.#byNode.delete(node)
    return this.#entries
  }

  /** Those of one node, oldest first; the same list as long as nothing new happened there. */
  ofNode(name: string): readonly TimelineEntry[] {
    const known = this.#byNode.get(name)
    if (known !== undefined) return known
    const found = this.#entries.filter(({ node }) => node === name)
    this.#byNode.set(name, found)
    return found
  }

  #trim(all: readonly TimelineEntry[]): readonly TimelineEntry[] {
    const kept = all.slice(-Math.ceil(this.#limit * KEPT_PART))
    for (const entry of all.slice(0, all.length - kept.length)) this.#keys.delete(entryKey(entry))
    return kept
  }
}

function compareEntries(left: TimelineEntry, right: TimelineEntry): number {
  // All are RFC 3339 in UTC with milliseconds, so that their letters are in the order of time.
  if (left.time !== right.time) return left.time < right.time ? -1 : 1
  return left.sequence - right.sequence
}
