/** Terminals of a lab: shells on nodes and in containers, as the window sees them. A terminal is never a shell of the computer itself. */
import type { LabErrorData } from '../lab-error.ts'

/** Where a terminal's shell runs; `kubectl` is a shell on the control plane's node, ready for that program. */
export type TerminalTarget =
  | { kind: 'node'; node: string }
  | {
      kind: 'container'
      node: string
      namespace: string
      pod: string
      /** Default: the pod's first container. */
      container?: string
    }
  | { kind: 'kubectl' }

export interface TerminalStatus {
  /** 128 random bits as 22 characters of base64url: nobody finds one by guessing. */
  id: string
  lab: string
  target: TerminalTarget
  /** RFC 3339. */
  openedAt: string
  state: 'running' | 'ended'
  /** RFC 3339; when it has ended. */
  endedAt?: string
  /** Of the shell, when it ended by itself; 137 when it was killed, as by the end of its container. */
  exitCode?: number
  /** Why it ended otherwise. */
  error?: LabErrorData
}

/** A part of a terminal's output. */
export interface TerminalChunk {
  /** Place of its first character (UTF-16 code unit) in all that the terminal has ever written; a jump means that the part between is not kept any more. */
  offset: number
  text: string
  /** The terminal's questions in it are not this reader's to answer: it was written before the reader came, or another reader took it first. */
  isAnswered: boolean
}

/** `details.reason` of an error that tells that a container brings no shell. */
export const NO_SHELL_REASON = 'NoShell'

/** Longest text of one `terminal/input`, in UTF-16 code units; longer ones are sent in parts. */
export const MAX_TERMINAL_INPUT = 32 * 1024
/** Largest size of a terminal in columns or rows. */
export const MAX_TERMINAL_SIZE = 1000
