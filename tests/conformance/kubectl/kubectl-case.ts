/** One command of kubectl against a lab: what a real cluster answered, and what ours has to. */

/**
 * Lines that a command left behind, normalized (`normalize.ts`): `exit N` when that is not 0, what it printed, what it printed
 * as errors (`stderr: …`), and, where it is compared with a recording, its requests with their statuses.
 */
export type Transcript = readonly string[]

/** Lines that are ours and not the recording's, or the other way round, in the order in which they come. */
export interface Difference {
  /** A sentence: why it is so. */
  reason: string
  recorded?: Transcript
  ours?: Transcript
}

/** A command that does not end by itself: it is interrupted, as by Ctrl-C, and its exit code means nothing. */
export interface Interruption {
  /** Seen in what it prints: now `meanwhile` may run. */
  after?: string
  /** A shell command, run while this one goes on. */
  meanwhile?: string
  /** Seen in what it (or `meanwhile`) prints: enough. */
  until: string
}

export interface KubectlCase {
  /** As a user types it into a shell. */
  command: string
  /** What is so before, where the cases before this one do not say it. */
  given?: string
  /** A shell script that makes it so. */
  prepare?: string
  stdin?: string
  interrupted?: Interruption
  /** What has to be left behind: a recording by its name, the whole transcript, or the lines that count of a long one. */
  expected:
    | { recording: string; differs?: readonly Difference[] }
    | { prints: Transcript }
    | { printsInAnyOrder: Transcript }
    | { shows: Transcript }
  /** A sentence for the reader: what a learner should know about this answer. */
  remark?: string
}

export interface KubectlCaseGroup {
  title: string
  cases: readonly KubectlCase[]
}
