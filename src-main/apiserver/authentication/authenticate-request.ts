/** All ways to say who one is, in upstream's order (kubeapiserver/authenticator). */
import type { IncomingMessage } from 'node:http'
import type { Logger } from '../../base/logger.ts'
import { unauthorized } from '../../kube/status-error.ts'
import type { Authenticator } from './authenticator.ts'
import { ANONYMOUS, type UserInfo } from './user-info.ts'

export const AUTHENTICATED_GROUP = 'system:authenticated'

export interface RequestAuthenticator {
  /** @throws StatusError 401 */
  authenticate(request: IncomingMessage): Promise<UserInfo>
}

/** The first that knows the user decides. Wrong credentials do not make anonymous: they are refused. */
export function createRequestAuthenticator(
  authenticators: readonly Authenticator[],
  anonymous: boolean,
  logger: Logger,
): RequestAuthenticator {
  return {
    async authenticate(request) {
      const reasons: string[] = []
      for (const authenticator of authenticators) {
        const result = await authenticator.authenticate(request)
        if (result.type === 'authenticated') return withGroup(result.user, AUTHENTICATED_GROUP)
        if (result.type === 'rejected') reasons.push(result.reason)
      }
      if (reasons.length === 0 && anonymous) return ANONYMOUS
      if (reasons.length > 0) logger.error('Unable to authenticate the request', { reasons })
      throw unauthorized()
    },
  }
}

/** Upstream leaves a user alone who is anonymous, or has the group already. */
function withGroup(user: UserInfo, group: string): UserInfo {
  return user.name === ANONYMOUS.name || user.groups.includes(group)
    ? user
    : { ...user, groups: [...user.groups, group] }
}
