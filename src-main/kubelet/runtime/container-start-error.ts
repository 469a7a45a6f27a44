/** Why a container could not be started: becomes its waiting state (facts 2.3.1). */

export class ContainerStartError extends Error {
  /** Waiting reason such as `ErrImagePull`, `CreateContainerConfigError`, `CrashLoopBackOff`. */
  readonly reason: string
  /** When it is worth trying again (milliseconds since the epoch), where that is known. */
  readonly retryAtMs: number | undefined

  constructor(reason: string, message: string, options: { retryAtMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'ContainerStartError'
    this.reason = reason
    this.retryAtMs = options.retryAtMs
  }
}
