/** Who makes a request (upstream's `authenticator.Request`). */
import type { IncomingMessage } from 'node:http'
import type { UserInfo } from './user-info.ts'

/**
 * `unknown`: the request shows nothing that this authenticator looks at. `rejected`: what it shows is wrong, `reason` is for
 * the log only.
 */
export type Authentication =
  | { type: 'authenticated'; user: UserInfo }
  | { type: 'unknown' }
  | { type: 'rejected'; reason: string }

export interface Authenticator {
  authenticate(request: IncomingMessage): Promise<Authentication>
}
