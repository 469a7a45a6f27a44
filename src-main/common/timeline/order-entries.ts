/**
 * The order in which things happened: on one node that of its sequence numbers, whatever its clock did meanwhile; between nodes
 * that of their clocks, as far as those went forward. Pure.
 */
import type { TimelineEntry } from '../lab/timeline-entry.ts'

/** Names one entry of a lab. */
export function entryKey({ node, boot, sequence }: Pick<TimelineEntry, 'node' | 'boot' | 'sequence'>): string {
  return `${node}/${boot}/${sequence}`
}

export interface OrderedEntry {
  entry: TimelineEntry
  /** When it happened by the clock that never goes back: the latest time that its node had written by then. RFC 3339. */
  at: string
}

/** Each entry once, oldest first. */
export function orderEntries(entries: readonly TimelineEntry[]): OrderedEntry[] {
  const once = new Map(entries.map((entry) => [entryKey(entry), entry]))
  const nodes = Map.groupBy(once.values(), ({ node }) => node)
  const ordered = [...nodes.values()].flatMap((ofNode) => {
    let at = ''
    return byBootAndSequence(ofNode).map((entry) => {
      if (entry.time > at) at = entry.time
      return { entry, at }
    })
  })
  // The order within a node stays: its moments never go back, and the sort is stable.
  return ordered.toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
}

interface BootEntries {
  entries: TimelineEntry[]
  first: number
  last: number
  time: string
}

/** Numbers go on over a node's boots. Only with another disk they begin anew: then boots overlap, and time has to do. */
function byBootAndSequence(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const boots = [...Map.groupBy(entries, ({ boot }) => boot).values()].map((ofBoot): BootEntries => {
    const sorted = ofBoot.toSorted((one, other) => one.sequence - other.sequence)
    const [first, last] = [sorted[0], sorted.at(-1)]
    return { entries: sorted, first: first?.sequence ?? 0, last: last?.sequence ?? 0, time: first?.time ?? '' }
  })
  return boots.toSorted(compareBoots).flatMap((boot) => boot.entries)
}

function compareBoots(one: BootEntries, other: BootEntries): number {
  if (one.last < other.first) return -1
  if (other.last < one.first) return 1
  return one.time < other.time ? -1 : 1
}
