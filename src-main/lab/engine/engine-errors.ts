/** The engine's failures as `LabError`s: by HTTP status, by system call, by time. */
import type { Clock } from '../../base/clock.ts'
import type { EngineFault } from '../../common/engine-version.ts'
import { isLabError, LabError, type LabErrorKind } from '../../common/lab-error.ts'

const UNREACHABLE_CODES = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'EACCES',
  'EPERM',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'ENOTSOCK',
])

/**
 * Longest wait for an ordinary call, in milliseconds: under foreign load single calls were seen to take 11 seconds.
 */
export const CALL_TIMEOUT_MS = 90_000

/** @returns the HTTP status of an answer of the engine, if the failure is one */
export function statusCodeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined
  return typeof error.statusCode === 'number' ? error.statusCode : undefined
}

function systemCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

function kindOfStatus(status: number): LabErrorKind {
  switch (status) {
    case 400:
      return 'BadRequest'
    case 403:
      return 'Forbidden'
    case 404:
      return 'NotFound'
    case 409:
      return 'Conflict'
    case 503:
      return 'Unavailable'
    default:
      return 'Internal'
  }
}

/** The engine's own sentence without the client library's prefix. */
function engineWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/^\(HTTP code \d+\) [^-]*- /, '').trim()
}

/** @param doing what was tried, in the form "create container x" */
export function toEngineError(error: unknown, doing: string, endpoint: string): LabError {
  if (isLabError(error)) return error
  const status = statusCodeOf(error)
  if (status !== undefined) {
    return new LabError(
      { kind: kindOfStatus(status), message: `${doing}: ${engineWords(error)}`, details: { status: String(status) } },
      { cause: error },
    )
  }
  const code = systemCodeOf(error)
  if ((code !== undefined && UNREACHABLE_CODES.has(code)) || engineWords(error) === 'socket hang up') {
    const denied = code === 'EACCES' || code === 'EPERM'
    return new LabError(
      {
        kind: 'NoEngine',
        message: `${doing}: the Docker engine at ${endpoint} ${denied ? 'may not be used by this user' : 'does not answer'} (${code ?? 'connection closed'})`,
        remedy: denied
          ? 'Add your user to the group that owns the socket, or point DOCKER_HOST at an engine of your own.'
          : 'Start Docker, or point DOCKER_HOST at a running engine.',
      },
      { cause: error },
    )
  }
  return new LabError({ kind: 'Internal', message: `${doing}: ${engineWords(error)}` }, { cause: error })
}

/** An engine that answers and cannot be used for labs. */
export function unsuitableEngine(endpoint: string, fault: EngineFault): LabError {
  return new LabError({
    kind: 'NoEngine',
    message: `the engine at ${endpoint} cannot be used: ${fault.message}`,
    remedy: fault.remedy,
    details: { state: 'unsuitable' },
  })
}

/**
 * Runs one call with an upper bound; the signal is aborted when the time is up.
 * @throws Timeout
 */
export async function bounded<T>(
  clock: Clock,
  timeoutMs: number,
  doing: string,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  let expire: (error: LabError) => void = () => undefined
  const expired = new Promise<never>((_resolve, reject) => {
    expire = reject
  })
  const timer = clock.setTimer(timeoutMs, () => {
    expire(
      new LabError({
        kind: 'Timeout',
        message: `${doing}: the engine did not answer within ${timeoutMs / 1000} s`,
        remedy: 'See whether the machine is overloaded, or restart the engine.',
      }),
    )
    controller.abort()
  })
  try {
    return await Promise.race([run(controller.signal), expired])
  } finally {
    timer.cancel()
  }
}
