/** Choosing timeline entries. Pure. */
import type { TimelineEntry, TimelineSubject } from '@common/lab/timeline-entry.ts'
import type { RowReference } from './board-rows.ts'

/** An empty string lets everything through. */
export interface TimelineFilter {
  node: string
  namespace: string
  pod: string
  subject: '' | TimelineSubject
  reason: string
  onlyWarnings: boolean
  /** Anywhere in reason, message, node, pod, container or file; capitals do not matter. */
  text: string
}

export const NO_FILTER: TimelineFilter = {
  ...{ node: '', namespace: '', pod: '', subject: '', reason: '', text: '' },
  onlyWarnings: false,
}

export function isFiltering(filter: TimelineFilter): boolean {
  return filter.onlyWarnings || choosesLanes(filter) || choosesEntries(filter)
}

function choosesLanes({ node, namespace, pod }: TimelineFilter): boolean {
  return node !== '' || namespace !== '' || pod !== ''
}

function choosesEntries({ subject, reason, onlyWarnings, text }: TimelineFilter): boolean {
  return subject !== '' || reason !== '' || onlyWarnings || text.trim() !== ''
}

export function filterEntries(entries: readonly TimelineEntry[], filter: TimelineFilter): readonly TimelineEntry[] {
  return isFiltering(filter) ? entries.filter(entryMatcher(filter)) : entries
}

/** Says of an entry whether the filter lets it through. */
export function entryMatcher(filter: TimelineFilter): (entry: TimelineEntry) => boolean {
  if (!isFiltering(filter)) return () => true
  const { node, namespace, pod, subject, reason, onlyWarnings } = filter
  const text = filter.text.trim().toLowerCase()
  return (entry) =>
    (node === '' || entry.node === node) &&
    (namespace === '' || entry.pod?.namespace === namespace) &&
    (pod === '' || entry.pod?.name === pod) &&
    (subject === '' || entry.subject === subject) &&
    (reason === '' || entry.reason === reason) &&
    (!onlyWarnings || entry.type === 'Warning') &&
    (text === '' || searchText(entry).includes(text))
}

/** Which lanes are shown: those that are chosen and have an entry that is. Remembers lanes, which never change in place. */
export function laneMatcher(
  filter: TimelineFilter,
): (lane: { node: string; name?: string; namespace?: string; entries: readonly TimelineEntry[] }) => boolean {
  if (!isFiltering(filter)) return () => true
  const matches = entryMatcher(filter)
  const known = new WeakMap<object, boolean>()
  return (lane) => {
    const isChosen =
      (filter.node === '' || lane.node === filter.node) &&
      (filter.namespace === '' || lane.namespace === undefined || lane.namespace === filter.namespace) &&
      (filter.pod === '' || lane.name === undefined || lane.name === filter.pod)
    if (!isChosen || !choosesEntries(filter)) return isChosen
    const answer = known.get(lane) ?? lane.entries.some(matches)
    known.set(lane, answer)
    return answer
  }
}

function searchText({ reason, message, node, pod, container, file }: TimelineEntry): string {
  return [reason, message, node, pod?.name, container, file].join('\n').toLowerCase()
}

/** What there is to choose from, each in the order of the alphabet. */
export interface FilterChoices {
  nodes: readonly string[]
  namespaces: readonly string[]
  pods: readonly string[]
  reasons: readonly string[]
}

export function computeFilterChoices(entries: readonly TimelineEntry[]): FilterChoices {
  const sets = {
    nodes: new Set<string>(),
    namespaces: new Set<string>(),
    pods: new Set<string>(),
    reasons: new Set<string>(),
  }
  for (const { node, pod, reason } of entries) {
    sets.nodes.add(node)
    sets.reasons.add(reason)
    if (pod === undefined) continue
    sets.namespaces.add(pod.namespace)
    sets.pods.add(pod.name)
  }
  return {
    nodes: [...sets.nodes].toSorted(),
    namespaces: [...sets.namespaces].toSorted(),
    pods: [...sets.pods].toSorted(),
    reasons: [...sets.reasons].toSorted(),
  }
}

/**
 * What happened to a file and to every pod that came from it, and to their kubelet: that it was away explains what did not happen.
 * @param fileName of the manifest that the pod comes from, where the reference does not say
 */
export function entriesAbout(
  entries: readonly TimelineEntry[],
  { node, file, pod }: RowReference,
  fileName = file,
): readonly TimelineEntry[] {
  return entries.filter((entry) => {
    if (entry.node !== node) return false
    if (pod !== undefined && entry.pod?.name === pod.name && entry.pod.namespace === pod.namespace) return true
    if (entry.reason === 'KubeletStarted' || entry.reason === 'KubeletStopping') return true
    return fileName !== undefined && entry.file === fileName
  })
}
