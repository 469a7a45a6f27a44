/** What the store's faults mean to those who asked for an object (upstream's storage/errors). */
import { StatusError, expired, tooLargeResourceVersion } from '../../kube/status-error.ts'
import { StoreError } from '../storage/store.ts'

/** A failure that has no reason of its own: kubectl prints its message as it is. */
export function plainFailure(message: string): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    code: 500,
  })
}

/** Somebody else wrote the entry meanwhile. */
export function isConflict(error: unknown): boolean {
  return error instanceof StoreError && error.fault.kind === 'conflict'
}

/** `exists` and `conflict` mean something to the caller alone, and come back as they are. */
export function interpretReadFailure(error: unknown, askedRevision = 0): unknown {
  if (!(error instanceof StoreError)) return error
  switch (error.fault.kind) {
    case 'compacted':
      return expired('The resourceVersion for the provided list is too old.')
    case 'futureRevision':
      return tooLargeResourceVersion(askedRevision, error.fault.currentRevision)
    case 'unavailable':
      return plainFailure(error.fault.message)
    case 'exists':
    case 'conflict':
      return error
  }
}
