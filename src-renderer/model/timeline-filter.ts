/** Choosing timeline entries. Pure. */
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import type { RowReference } from './board-rows.ts'

/** An empty string lets everything through. */
export interface TimelineFilter {
  node: string
  pod: string
  type: '' | TimelineEntry['type']
  /** Anywhere in reason, message, pod, container or file; capitals do not matter. */
  text: string
}

export function filterEntries(entries: readonly TimelineEntry[], filter: TimelineFilter): readonly TimelineEntry[] {
  const text = filter.text.trim().toLowerCase()
  return entries.filter(
    (entry) =>
      (filter.node === '' || entry.node === filter.node) &&
      (filter.pod === '' || entry.pod?.name === filter.pod) &&
      (filter.type === '' || entry.type === filter.type) &&
      (text === '' || searchText(entry).includes(text)),
  )
}

function searchText({ reason, message, pod, container, file }: TimelineEntry): string {
  return [reason, message, pod?.name, container, file].join('\n').toLowerCase()
}

export function podNamesIn(entries: readonly TimelineEntry[]): string[] {
  const names = entries.map(({ pod }) => pod?.name).filter((name) => name !== undefined)
  return [...new Set(names)].toSorted()
}

/** What happened to a file and to every pod that came from it. */
export function entriesAbout(entries: readonly TimelineEntry[], reference: RowReference): readonly TimelineEntry[] {
  const { node, file, pod } = reference
  return entries.filter((entry) => {
    if (entry.node !== node) return false
    if (pod !== undefined && entry.pod?.name === pod.name && entry.pod.namespace === pod.namespace) return true
    return file !== undefined && entry.file === file
  })
}
