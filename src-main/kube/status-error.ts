/**
 * A failure that the API reports: thrown by the API server's parts and by the client alike, with upstream's reasons and
 * messages (apimachinery/pkg/api/errors; facts 8.6.1). Test for kinds with `hasReason`.
 */
import { groupResource, type GroupVersionKind } from '../common/api/api-object.ts'
import type { Status, StatusCause, StatusDetails, StatusReason } from '../common/api/status.ts'
import {
  formatAggregate,
  formatFieldError,
  type FieldError,
  type FieldErrorType,
} from '../common/validation/field-error.ts'

export class StatusError extends Error {
  readonly status: Status

  constructor(status: Status) {
    super(status.message ?? '')
    this.name = 'StatusError'
    this.status = status
  }
}

/** Whether it is the API's own failure of that reason. */
export function hasReason(error: unknown, reason: StatusReason): error is StatusError {
  return error instanceof StatusError && error.status.reason === reason
}

/** The resource that a message speaks of. */
export interface ResourceName {
  group: string
  resource: string
}

function failure(code: number, reason: StatusReason, message: string, details?: StatusDetails): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details === undefined ? {} : { details }),
    code,
  })
}

function detailsOf(of: ResourceName, name: string): StatusDetails {
  const { group, resource } = of
  return {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    ...(resource === '' ? {} : { kind: resource }),
  }
}

export function notFound(of: ResourceName, name: string): StatusError {
  return failure(404, 'NotFound', `${groupResource(of)} ${JSON.stringify(name)} not found`, detailsOf(of, name))
}

export function alreadyExists(of: ResourceName, name: string): StatusError {
  const message = `${groupResource(of)} ${JSON.stringify(name)} already exists`
  return failure(409, 'AlreadyExists', message, detailsOf(of, name))
}

export function conflict(of: ResourceName, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${groupResource(of)} ${JSON.stringify(name)}: ${why}`
  return failure(409, 'Conflict', message, detailsOf(of, name))
}

export function forbidden(of: ResourceName, name: string, why: string): StatusError {
  const subject = name === '' ? groupResource(of) : `${groupResource(of)} ${JSON.stringify(name)}`
  const message = of.resource === '' ? `forbidden: ${why}` : `${subject} is forbidden: ${why}`
  return failure(403, 'Forbidden', message, detailsOf(of, name))
}

/** Validation failed: every fault becomes a cause. */
export function invalid(of: GroupVersionKind, name: string, errors: readonly FieldError[]): StatusError {
  const kind = of.group === '' ? of.kind : `${of.kind}.${of.group}`
  const causes = errors.map((error): StatusCause => {
    const message = formatFieldError(error).slice(error.field.length + 2)
    return { reason: CAUSES[error.type], message, field: error.field }
  })
  const details: StatusDetails = { name, ...(of.group === '' ? {} : { group: of.group }), kind: of.kind, causes }
  return failure(422, 'Invalid', `${kind} ${JSON.stringify(name)} is invalid: ${formatAggregate(errors)}`, details)
}

const CAUSES: Record<FieldErrorType, string> = {
  'Required value': 'FieldValueRequired',
  'Invalid value': 'FieldValueInvalid',
  'Unsupported value': 'FieldValueNotSupported',
  'Duplicate value': 'FieldValueDuplicate',
  'Not found': 'FieldValueNotFound',
  Forbidden: 'FieldValueForbidden',
  'Too long': 'FieldValueTooLong',
  'Too many': 'FieldValueTooMany',
}

export function badRequest(message: string): StatusError {
  return failure(400, 'BadRequest', message)
}

export function unauthorized(): StatusError {
  return failure(401, 'Unauthorized', 'Unauthorized')
}

/** No such path: what a server says of a resource that it does not have. */
export function unknownResource(): StatusError {
  return failure(404, 'NotFound', 'the server could not find the requested resource', {})
}

export function methodNotAllowed(message: string, of: ResourceName): StatusError {
  return failure(405, 'MethodNotAllowed', message, detailsOf(of, ''))
}

export function notAcceptable(accepted: readonly string[]): StatusError {
  const message = `only the following media types are accepted: ${accepted.join(', ')}`
  return failure(406, 'NotAcceptable', message)
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`
  return failure(415, 'UnsupportedMediaType', message)
}

export function requestEntityTooLarge(message: string): StatusError {
  return failure(413, 'RequestEntityTooLarge', message)
}

/** A resource version or a continue token that is gone: list again. */
export function expired(message: string): StatusError {
  return failure(410, 'Expired', message)
}

export function tooManyRequests(message: string, retryAfterSeconds: number, causes: StatusCause[] = []): StatusError {
  const details: StatusDetails = { ...(causes.length === 0 ? {} : { causes }), retryAfterSeconds }
  return failure(429, 'TooManyRequests', message, details)
}

export function internalError(message: string): StatusError {
  return failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] })
}

/** The store does not answer. */
export function serviceUnavailable(message: string): StatusError {
  return failure(503, 'ServiceUnavailable', message)
}

/** It took too long; the client may try again after `retryAfterSeconds`. */
export function timeout(message: string, retryAfterSeconds = 0): StatusError {
  return failure(504, 'Timeout', message, retryAfterSeconds === 0 ? {} : { retryAfterSeconds })
}

/** A revision that the server does not reach in time: the client is ahead of it, as after a restore of the store. */
export function tooLargeResourceVersion(asked: number, current: number): StatusError {
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }]
  return failure(504, 'Timeout', message, { causes, retryAfterSeconds: 1 })
}
