/** What happened and what people did, in one order, and what of it is asked for. Pure. */
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import type { UserAction } from '../../common/lab/user-action.ts'
import type { TimelineLine } from '../../common/timeline/compute-story.ts'
import { orderEntries } from '../../common/timeline/order-entries.ts'

/** An action comes before the entries of its millisecond: they follow from it. */
export function mergeTimeline(entries: readonly TimelineEntry[], actions: readonly UserAction[]): TimelineLine[] {
  const lines: TimelineLine[] = [
    ...actions.map((action) => ({ kind: 'action' as const, action, at: action.time })),
    ...orderEntries(entries).map(({ entry, at }) => ({ kind: 'entry' as const, entry, at })),
  ]
  return lines.toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
}

/** A pod's name, or `namespace/name`. */
export function isOfPod(pod: { namespace: string; name: string } | undefined, words: string): boolean {
  return pod !== undefined && (pod.name === words || `${pod.namespace}/${pod.name}` === words)
}

/** Entries of a pod, of its files, and the starts and stops of its nodes' kubelets in its time. */
export function selectStory(entries: readonly TimelineEntry[], pod: string): TimelineEntry[] {
  const own = entries.filter((entry) => isOfPod(entry.pod, pod))
  const files = new Set(own.flatMap(({ node, file }) => (file === undefined ? [] : [`${node}/${file}`])))
  const firstByNode = new Map<string, string>()
  for (const { node, time } of own) {
    const first = firstByNode.get(node)
    if (first === undefined || time < first) firstByNode.set(node, time)
  }
  return entries.filter((entry) => {
    if (entry.pod !== undefined) return isOfPod(entry.pod, pod)
    if (entry.file !== undefined) return files.has(`${entry.node}/${entry.file}`)
    const first = firstByNode.get(entry.node)
    return first !== undefined && entry.time >= first && /^Kubelet(Started|Stopping)$/.test(entry.reason)
  })
}

/**
 * Those that were done, and of these what has to do with a pod (by name, or `namespace/name`): with it, with a file that is its,
 * or with the whole of a node that it was on.
 */
export function selectActions(
  actions: readonly UserAction[],
  entries: readonly TimelineEntry[],
  pod: string | undefined,
): UserAction[] {
  const done = actions.filter(({ failed }) => failed !== true)
  if (pod === undefined) return done
  const files = new Set(entries.flatMap(({ node, file }) => (file === undefined ? [] : [`${node}/${file}`])))
  const nodes = new Set(entries.map(({ node }) => node))
  return done.filter((action) => {
    if (action.pod !== undefined) return isOfPod(action.pod, pod)
    if (action.node === undefined) return action.component === undefined
    if (action.file !== undefined) return files.has(`${action.node}/${action.file}`)
    return nodes.has(action.node)
  })
}
