/** gRPC status numbers and CriError's codes. */
import { status } from '@grpc/grpc-js'
import { CriError } from '../cri.ts'
import type { CriErrorCode } from '../cri.ts'
import { ProtobufError } from '../../base/protobuf-reader.ts'

const NUMBER_OF: Record<CriErrorCode, status> = {
  InvalidArgument: status.INVALID_ARGUMENT,
  NotFound: status.NOT_FOUND,
  AlreadyExists: status.ALREADY_EXISTS,
  FailedPrecondition: status.FAILED_PRECONDITION,
  PermissionDenied: status.PERMISSION_DENIED,
  ResourceExhausted: status.RESOURCE_EXHAUSTED,
  DeadlineExceeded: status.DEADLINE_EXCEEDED,
  Cancelled: status.CANCELLED,
  Unavailable: status.UNAVAILABLE,
  Unimplemented: status.UNIMPLEMENTED,
  Unknown: status.UNKNOWN,
}
const CODE_OF = new Map<number, CriErrorCode>(
  Object.entries(NUMBER_OF).map(([code, number]) => [number, code as CriErrorCode]),
)

/** Anything that a service threw, as the status that its caller gets. */
export function toGrpcStatus(error: unknown): { code: status; details: string } {
  if (error instanceof CriError) return { code: NUMBER_OF[error.code], details: error.message }
  if (error instanceof ProtobufError)
    return { code: status.INVALID_ARGUMENT, details: `malformed request: ${error.message}` }
  return { code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) }
}

/** A failed call's error as a CriError. */
export function fromGrpcError(error: unknown): CriError {
  if (error instanceof CriError) return error
  if (error instanceof ProtobufError)
    return new CriError('Unknown', `malformed answer: ${error.message}`, { cause: error })
  const { code, details } = error as { code?: unknown; details?: unknown }
  if (typeof code === 'number')
    return new CriError(CODE_OF.get(code) ?? 'Unknown', typeof details === 'string' ? details : '', { cause: error })
  return new CriError('Unknown', error instanceof Error ? error.message : String(error), { cause: error })
}
