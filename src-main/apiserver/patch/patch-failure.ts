/** How a patch fails, in the reasons and words of upstream's patch handler. */
import { StatusError } from '../../kube/status-error.ts'

/** The patch is well formed and cannot be applied to what stands there; upstream does not say why. */
export function inapplicable(): StatusError {
  return failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
}

/** What the patch makes is no object of that kind; `shown` is the value that is refused. */
export function invalidResult(shown: string, why: string): StatusError {
  const cut = shown.length > MAX_SHOWN_CHARACTERS ? `${shown.slice(0, MAX_SHOWN_CHARACTERS)}...` : shown
  const message = `Invalid value: ${JSON.stringify(cut)}: ${why}`
  const causes = [{ reason: 'FieldValueInvalid', message, field: 'patch' }]
  return failure(422, 'Invalid', ` "" is invalid: patch: ${message}`, { causes })
}

/** Upstream shows all of it, however much that is. */
const MAX_SHOWN_CHARACTERS = 10_000

/** Upstream has no reason for these, so they are answered as its own failure. */
export function unexplained(message: string): StatusError {
  return failure(500, '', message, undefined)
}

function failure(
  code: number,
  reason: '' | 'Invalid',
  message: string,
  details: StatusError['status']['details'],
): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  })
}
