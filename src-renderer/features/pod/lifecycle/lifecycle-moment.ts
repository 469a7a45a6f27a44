/** Something in a pod's life that somebody pointed at. */
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'

export interface LifecycleMoment {
  /** Milliseconds since 1970. */
  time: number
  container?: string
  /** What tells of it; absent where only the pod's status or the journal of actions does. */
  entry?: TimelineEntry
}
