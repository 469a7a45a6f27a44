/** The gate between a known user and a handler. */
import type { UserInfo } from '../authentication/user-info.ts'
import type { Authorizer, AuthorizerAttributes } from '../authorization/authorizer.ts'
import { forbiddenRequest } from '../authorization/forbidden-request.ts'
import type { RequestInfo } from '../endpoints/request-info.ts'

/** As upstream's `--authorization-always-allow-paths`: what probes ask. */
const ALWAYS_ALLOWED = ['/healthz', '/livez', '/readyz']

/** The function throws `StatusError` 403. */
export function authorizeRequest(authorizer: Authorizer): (user: UserInfo, info: RequestInfo) => Promise<void> {
  return async (user, info) => {
    if (info.type === 'path' && ALWAYS_ALLOWED.includes(info.path)) return
    const attributes = attributesOf(user, info)
    const { verdict, reason } = await authorizer.authorize(attributes)
    if (verdict !== 'allow') throw forbiddenRequest(attributes, reason)
  }
}

function attributesOf(user: UserInfo, info: RequestInfo): AuthorizerAttributes {
  const { verb, path } = info
  if (info.type === 'path') return { user, verb, type: 'path', path }
  const { group, version, resource, subresource, namespace, name, fieldSelector } = info
  return { user, verb, type: 'resource', group, version, resource, subresource, namespace, name, fieldSelector }
}
