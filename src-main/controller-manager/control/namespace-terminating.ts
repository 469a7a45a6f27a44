/** The refusal to make anything in a namespace that is being deleted (admission NamespaceLifecycle). */
import { StatusError } from '../../kube/status-error.ts'

export function isNamespaceTerminating(error: unknown): boolean {
  if (!(error instanceof StatusError)) return false
  return error.status.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ?? false
}
