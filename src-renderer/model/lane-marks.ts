/** Which entries have a mark of their own in a lane; the others are the edges of segments. Pure. */
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'

export type LaneMark =
  | 'probe'
  | 'image'
  | 'sandbox'
  | 'kill'
  | 'warning'
  | 'file'
  | 'file-refused'
  | 'file-gone'
  | 'kubelet-started'
  | 'kubelet-stopped'

/** Told by the segment that they begin or end. */
const EDGES: ReadonlySet<string> = new Set([
  'Started',
  'ContainerDied',
  'BackOff',
  'Created',
  'PodGone',
  'PhaseChanged',
])

export function markOf(entry: TimelineEntry): LaneMark | undefined {
  if (EDGES.has(entry.reason)) return undefined
  if (entry.subject === 'probe') return 'probe'
  if (entry.subject === 'file') return fileMark(entry)
  if (entry.reason === 'KubeletStarted') return 'kubelet-started'
  if (entry.reason === 'KubeletStopping') return 'kubelet-stopped'
  if (entry.type === 'Warning') return 'warning'
  if (entry.subject === 'image' && entry.reason === 'Pulled') return 'image'
  if (entry.subject === 'sandbox') return 'sandbox'
  return entry.reason === 'Killing' ? 'kill' : undefined
}

function fileMark({ type, reason }: TimelineEntry): LaneMark {
  if (reason === 'FileGone') return 'file-gone'
  return type === 'Warning' ? 'file-refused' : 'file'
}
