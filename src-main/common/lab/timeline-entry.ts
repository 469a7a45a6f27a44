/** One thing that happened on a node, as the kubelet's timeline keeps it: the substance of every lifecycle picture. */
import type { Time } from '../api/meta.ts'
import type { PodReference } from './file-verdict.ts'

/** What the entry is about. */
export type TimelineSubject = 'kubelet' | 'file' | 'pod' | 'sandbox' | 'container' | 'image' | 'probe'

/** What set it off, where it is known. */
export type TimelineCause =
  | 'FileAdded'
  | 'FileChanged'
  | 'FileRemoved'
  | 'ContainerExited'
  | 'BackOffExpired'
  | 'SandboxChanged'
  | 'ProbeFailed'
  | 'KubeletStarted'
  | 'DeadlineExceeded'

/**
 * Reasons are Kubernetes' event reasons where one exists (`Pulled`, `Created`, `Started`, `Killing`, `BackOff`, `Failed`,
 * `SandboxChanged`, `FailedCreatePodSandBox`, `FailedMount`, `Unhealthy`, ...; facts 3) and otherwise ours:
 * `FileAccepted`, `FileRejected`, `FileGone`, `PodAdded`, `PodRemoved`, `PodGone`, `PhaseChanged`, `SandboxStarted`,
 * `SandboxDied`, `ContainerDied`, `ContainerRemoved`, `NotEvicted`, `KubeletStarted`, `KubeletStopping`,
 * `MirrorRefused`.
 */
export interface TimelineEntry {
  /** Identity: the node's boot and a number that only grows within the node's life. */
  boot: string
  sequence: number
  /** RFC 3339 with milliseconds, UTC. */
  time: Time
  node: string
  type: 'Normal' | 'Warning'
  subject: TimelineSubject
  reason: string
  message: string
  pod?: PodReference
  container?: string
  /** Name of the manifest file that it concerns. */
  file?: string
  cause?: TimelineCause
  /**
   * Particulars by reason: `exitCode`, `signal`, `restartCount`, `containerId`, `delaySeconds`, `until`, `phase`, `podIP`, `image`;
   * and `count` of a probe's failure that is not the first in a row. Of many a few are written.
   */
  details?: Record<string, string | number | boolean>
}

/** How often it had happened in a row when it was written: `x8`, as kubectl says it; empty for once. */
export function repetitionMark(entry: Pick<TimelineEntry, 'details'>): string {
  const count = entry.details?.['count']
  return typeof count === 'number' ? `x${count}` : ''
}
