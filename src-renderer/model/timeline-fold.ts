/** Folds timeline entries that arrive (in batches, perhaps twice after a re-connect) into one list in the order of time. Pure. */
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'

/** Sequence numbers grow within a node's boot, so this names one entry of a lab. */
export function entryKey({ node, boot, sequence }: TimelineEntry): string {
  return `${node}/${boot}/${sequence}`
}

/** Returns a new list, oldest first, of at most `limit` entries; the same list when nothing is new. */
export function foldEntries(
  known: readonly TimelineEntry[],
  added: readonly TimelineEntry[],
  limit: number,
): readonly TimelineEntry[] {
  const keys = new Set(known.map(entryKey))
  const fresh = added.filter((entry) => {
    const key = entryKey(entry)
    if (keys.has(key)) return false
    keys.add(key)
    return true
  })
  if (fresh.length === 0) return known
  return [...known, ...fresh].sort(compareEntries).slice(-limit)
}

function compareEntries(left: TimelineEntry, right: TimelineEntry): number {
  const byTime = Date.parse(left.time) - Date.parse(right.time)
  return byTime !== 0 ? byTime : left.sequence - right.sequence
}
