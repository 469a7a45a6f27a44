/** Notes that something is tried again, for the failures of a work queue. */
import type { Logger } from '../../base/logger.ts'
import { hasReason } from '../../kube/status-error.ts'

/** That somebody else wrote meanwhile is nothing to worry about: the next attempt sees what. */
export function logRetry(logger: Logger, message: string, fields: { err: unknown; [field: string]: unknown }): void {
  if (hasReason(fields.err, 'Conflict')) logger.info(message, fields)
  else logger.error(message, fields)
}
