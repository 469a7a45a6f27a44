/**
 * What the private channel's server needs of the kubelet, and no more. Everything is read from memory; nothing here
 * may wait for the runtime but `logFile` and `isRunning`.
 */
import type { Disposable } from '../../base/disposable.ts'
import type { Pod } from '../../common/api/core.ts'
import type { FileVerdict } from '../../common/lab/file-verdict.ts'
import type { KubeletInfo } from '../../common/lab/lab-status.ts'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'

/** Identity of a timeline entry; a reader goes on after it. */
export interface TimelinePosition {
  boot: string
  sequence: number
}

export interface LogTarget {
  namespace: string
  /** Full name of the pod, with the node's name behind it, as `/pods` says it. */
  pod: string
  container: string
  /** The instance before the present one. */
  previous: boolean
}

export interface ContainerLogFile {
  /** The live file in CRI format; rotated ones lie beside it as `NAME.YYYYMMDD-HHMMSS[.gz]`. */
  path: string
  /** Whether more lines may come: asked at every look of a follower, so it should be answered from memory. */
  isRunning(): boolean | Promise<boolean>
}

/** What static pods are read from: every file of a folder, or that one file (facts 1.2.1). */
export interface WatchedPath {
  kind: 'folder' | 'file'
  path: string
}

export interface KubeletChannelSource {
  kubeletInfo(): KubeletInfo
  /** Verdicts of the manifest folder, sorted by name. */
  files(): FileVerdict[]
  /** Desired pods with their live status, static UID (facts 5.3). */
  pods(): Pod[]
  /** Calls back after any of the three above has changed; may do so as often as it likes, the server coalesces. */
  onDidChange(listener: () => void): Disposable
  /** Entries behind the position, oldest first; all that are kept when it is undefined or unknown. */
  timelineAfter(position: TimelinePosition | undefined): TimelineEntry[]
  /** Calls back at once with new entries, in order; together with `timelineAfter` in one tick nothing is lost or doubled. */
  onTimelineAdded(listener: (entries: readonly TimelineEntry[]) => void): Disposable
  /** `null` when `staticPodPath` is not set. */
  watchedPath(): WatchedPath | null
  /**
   * Where the container's log is.
   * @throws LabError made by `log-errors.ts` (facts 5.4): no such pod or container, no previous one, not started yet
   */
  logFile(target: LogTarget): Promise<ContainerLogFile>
}
