/** What happened and what people did, in one order of time. Pure. */
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import type { UserAction } from '../../common/lab/user-action.ts'

export type TimelineLine = { time: string } & (
  | { kind: 'entry'; entry: TimelineEntry }
  | { kind: 'action'; action: UserAction }
)

/** An action comes before the entries of its millisecond: they follow from it. */
export function mergeTimeline(entries: readonly TimelineEntry[], actions: readonly UserAction[]): TimelineLine[] {
  const lines: TimelineLine[] = [
    ...actions.map((action) => ({ kind: 'action' as const, action, time: action.time })),
    ...entries.map((entry) => ({ kind: 'entry' as const, entry, time: entry.time })),
  ]
  return lines.toSorted((one, other) => one.time.localeCompare(other.time))
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
    if (action.pod !== undefined) return action.pod.name === pod || `${action.pod.namespace}/${action.pod.name}` === pod
    if (action.node === undefined) return action.component === undefined
    if (action.file !== undefined) return files.has(`${action.node}/${action.file}`)
    return nodes.has(action.node)
  })
}
