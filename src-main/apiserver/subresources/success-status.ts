/** What the API says when something was done that leaves no object to show. */
import type { Status } from '../../common/api/status.ts'

export function successStatus(code: number): Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code }
}
