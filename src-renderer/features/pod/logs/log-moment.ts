/** Where a log is to be opened: whose, and at which time. */
export interface LogMoment {
  /** All containers of the pod when absent. */
  container?: string
  /** Milliseconds since 1970; the newest lines when absent. */
  time?: number
}
