/** `authentication.k8s.io/v1`: whose token that is, and who one is oneself (`kubectl auth whoami`). */
import type { UnknownObject } from '../../common/api/api-object.ts'
import {
  array,
  BOOLEAN,
  map,
  object,
  OPAQUE,
  required,
  STRING,
  type ObjectSchema,
} from '../../common/api/field-schema.ts'
import { badRequest } from '../../kube/status-error.ts'
import type { VirtualResource } from '../endpoints/virtual-resource.ts'
import { AUTHENTICATED_GROUP } from './authenticate-request.ts'
import type { TokenAuthenticator } from './bearer-token.ts'
import type { UserInfo } from './user-info.ts'

const USER_INFO = object('UserInfo', {
  username: STRING,
  uid: STRING,
  groups: array(STRING),
  extra: map(array(STRING)),
})

const OBJECT_FIELDS = { apiVersion: STRING, kind: STRING, metadata: OPAQUE }

const TOKEN_REVIEW = object('TokenReview', {
  ...OBJECT_FIELDS,
  spec: required(object('TokenReviewSpec', { token: STRING, audiences: array(STRING) })),
  status: object('TokenReviewStatus', {
    authenticated: BOOLEAN,
    user: USER_INFO,
    audiences: array(STRING),
    error: STRING,
  }),
})

const SELF_SUBJECT_REVIEW = object('SelfSubjectReview', {
  ...OBJECT_FIELDS,
  status: object('SelfSubjectReviewStatus', { userInfo: USER_INFO }),
})

/** @param tokens undefined: no tokens are known here */
export function identityReviews(tokens: TokenAuthenticator | undefined): VirtualResource[] {
  return [
    identityReview('TokenReview', TOKEN_REVIEW, async (review) => ({
      ...review,
      status: await reviewToken(review, tokens),
    })),
    identityReview('SelfSubjectReview', SELF_SUBJECT_REVIEW, (review, user) =>
      Promise.resolve({ ...review, status: { userInfo: describeUser(user) } }),
    ),
  ]
}

function identityReview(
  kind: string,
  schema: ObjectSchema,
  create: (review: UnknownObject, user: UserInfo) => Promise<UnknownObject>,
): VirtualResource {
  const singularName = kind.toLowerCase()
  return {
    gvk: { group: 'authentication.k8s.io', version: 'v1', kind },
    resource: `${singularName}s`,
    singularName,
    shortNames: [],
    namespaced: false,
    schema,
    create: ({ context }, review) => create(review, context.user),
  }
}

async function reviewToken(review: UnknownObject, tokens: TokenAuthenticator | undefined): Promise<object> {
  const { token = '', audiences = [] } = (review['spec'] ?? {}) as { token?: string; audiences?: string[] }
  if (token === '') throw badRequest('token is required for TokenReview in authentication')
  const found = await tokens?.authenticateToken(token, audiences.length === 0 ? undefined : audiences)
  // A token that is nobody's is an answer, no failure; upstream tells why only where it is a matter of audiences.
  if (found === undefined) return { user: {}, error: 'invalid bearer token' }
  const user = { ...found.user, groups: [...found.user.groups, AUTHENTICATED_GROUP] }
  return { authenticated: true, user: describeUser(user), audiences: found.audiences }
}

function describeUser({ name, uid, groups, extra }: UserInfo): object {
  return {
    username: name,
    ...(uid === undefined ? {} : { uid }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(extra === undefined ? {} : { extra }),
  }
}
