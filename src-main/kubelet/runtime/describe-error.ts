/** How errors of the runtime are worded in statuses and events. */
import { CriError } from '../../container-runtime/cri.ts'

/** The bare description: what upstream prints for create and start failures. */
export function errorDescription(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** With the gRPC frame `rpc error: code = … desc = …`, where there is one. */
export function rpcDescription(error: unknown): string {
  return error instanceof CriError ? error.rpcMessage : errorDescription(error)
}

/** Whether the runtime service itself did not answer; the pod is not at fault. */
export function isRuntimeUnavailable(error: unknown): boolean {
  return error instanceof CriError && error.code === 'Unavailable'
}
