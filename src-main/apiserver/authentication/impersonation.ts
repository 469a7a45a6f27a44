/** `kubectl --as`: who may act as somebody else, and as whom (apiserver/pkg/endpoints/filters/impersonation). */
import type { IncomingMessage } from 'node:http'
import { internalError } from '../../kube/status-error.ts'
import type { Authorizer, AuthorizerAttributes } from '../authorization/authorizer.ts'
import { forbiddenRequest } from '../authorization/forbidden-request.ts'
import { AUTHENTICATED_GROUP } from './authenticate-request.ts'
import { readExtra } from './request-header.ts'
import { parseServiceAccountName, serviceAccountGroups } from './service-account-name.ts'
import { ANONYMOUS, type UserInfo } from './user-info.ts'

const USER_HEADER = 'impersonate-user'
const GROUP_HEADER = 'impersonate-group'
const UID_HEADER = 'impersonate-uid'
const EXTRA_PREFIX = 'impersonate-extra-'
const AUTHENTICATION_GROUP = 'authentication.k8s.io'

/**
 * The user that the request acts as: the caller himself when no header names another. The headers are gone afterwards,
 * so nothing behind this can take them for its own.
 * @throws StatusError
 */
export async function impersonate(
  request: IncomingMessage,
  caller: UserInfo,
  authorizer: Authorizer,
): Promise<UserInfo> {
  const asked = readAsked(request)
  dropHeaders(request)
  if (asked === undefined) return caller
  for (const attributes of computeChecks(asked, caller)) {
    const { verdict, reason } = await authorizer.authorize(attributes)
    if (verdict !== 'allow') throw forbiddenRequest(attributes, reason)
  }
  return computeImpersonated(asked)
}

interface Asked {
  name: string
  groups: readonly string[]
  uid: string
  extra: Readonly<Record<string, readonly string[]>>
}

function readAsked(request: IncomingMessage): Asked | undefined {
  const values = (header: string): readonly string[] => request.headersDistinct[header] ?? []
  const name = values(USER_HEADER)[0] ?? ''
  const groups = values(GROUP_HEADER)
  const uid = values(UID_HEADER)[0] ?? ''
  const extra = readExtra(request, [EXTRA_PREFIX])
  if (name !== '') return { name, groups, uid, extra }
  if (groups.length > 0 || uid !== '' || Object.keys(extra).length > 0)
    throw internalError('requested groups, uid or extra without impersonating a user')
  return undefined
}

function dropHeaders({ headers, headersDistinct }: IncomingMessage): void {
  for (const name of Object.keys(headers)) {
    if (!name.startsWith('impersonate-')) continue
    delete headers[name]
    delete headersDistinct[name]
  }
}

function computeChecks({ name, groups, uid, extra }: Asked, caller: UserInfo): AuthorizerAttributes[] {
  const check = (
    group: string,
    resource: string,
    of: string,
    more: { namespace?: string; subresource?: string } = {},
  ) =>
    ({
      user: caller,
      verb: 'impersonate',
      type: 'resource',
      group,
      version: group === '' ? '' : 'v1',
      resource,
      subresource: more.subresource ?? '',
      namespace: more.namespace ?? '',
      name: of,
    }) satisfies AuthorizerAttributes
  const account = parseServiceAccountName(name)
  return [
    account === undefined
      ? check('', 'users', name)
      : check('', 'serviceaccounts', account.name, { namespace: account.namespace }),
    ...groups.map((group) => check('', 'groups', group)),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => check(AUTHENTICATION_GROUP, 'userextras', value, { subresource: key })),
    ),
    ...(uid === '' ? [] : [check(AUTHENTICATION_GROUP, 'uids', uid)]),
  ]
}

function computeImpersonated({ name, groups, uid, extra }: Asked): UserInfo {
  const account = parseServiceAccountName(name)
  const own = groups.length === 0 && account !== undefined ? serviceAccountGroups(account.namespace) : groups
  const [anonymousGroup = ''] = ANONYMOUS.groups
  const implied = name === ANONYMOUS.name ? anonymousGroup : AUTHENTICATED_GROUP
  const isComplete = own.includes(implied) || own.includes(anonymousGroup)
  return {
    name,
    groups: isComplete ? own : [...own, implied],
    ...(uid === '' ? {} : { uid }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  }
}
