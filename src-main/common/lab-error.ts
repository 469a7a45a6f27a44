/**
 * Errors that cross processes as data: a closed set of kinds, a sentence for people, and a remedy.
 * Every surface (CLI, IPC, browser bridge, private channel) speaks these and nothing else.
 */

export type LabErrorKind =
  /** The request itself is wrong: words, fields, types. */
  | 'BadRequest'
  /** What it names does not exist. */
  | 'NotFound'
  /** What it would make exists already. */
  | 'AlreadyExists'
  /** The thing is in a state in which this cannot be done (a stopped lab, a running node). */
  | 'Conflict'
  /** The safety policy refuses it. */
  | 'Forbidden'
  /** No usable Docker engine (exit code 3). */
  | 'NoEngine'
  /** Something else that is needed is missing here: an image, a program, a permission (exit code 3). */
  | 'Unavailable'
  | 'Timeout'
  | 'Cancelled'
  /** A fault of ours. */
  | 'Internal'

/** A `LabError` on the wire. */
export interface LabErrorData {
  kind: LabErrorKind
  message: string
  /** What the user can do, one sentence. */
  remedy?: string
  details?: Record<string, string>
}

/** Thrown by the lab manager, the shells and the bridge. `message` says what happened and where. */
export class LabError extends Error {
  readonly kind: LabErrorKind
  readonly remedy: string | undefined
  readonly details: Record<string, string> | undefined

  constructor(data: LabErrorData, options?: { cause?: unknown }) {
    super(data.message, options)
    this.name = 'LabError'
    this.kind = data.kind
    this.remedy = data.remedy
    this.details = data.details
  }
}

export function isLabError(error: unknown): error is LabError {
  return error instanceof LabError
}

/** Any thrown value as wire data; what is not a `LabError` becomes `Internal` with its message kept. */
export function toLabErrorData(error: unknown): LabErrorData {
  if (isLabError(error)) {
    const data: LabErrorData = { kind: error.kind, message: error.message }
    if (error.remedy !== undefined) data.remedy = error.remedy
    if (error.details !== undefined) data.details = error.details
    return data
  }
  return { kind: 'Internal', message: error instanceof Error ? error.message : String(error) }
}
