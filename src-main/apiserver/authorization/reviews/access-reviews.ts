/** Who may do what, asked: for oneself (`kubectl auth can-i`), or for others (pkg/registry/authorization). */
import type { UnknownObject } from '../../../common/api/api-object.ts'
import type { ObjectSchema } from '../../../common/api/field-schema.ts'
import { badRequest, invalid as invalidObject } from '../../../kube/status-error.ts'
import { invalid, required, type FieldError } from '../../../common/validation/field-error.ts'
import type { UserInfo } from '../../authentication/user-info.ts'
import type { VirtualRequest, VirtualResource } from '../../endpoints/virtual-resource.ts'
import type { Authorizer, AuthorizerAttributes } from '../authorizer.ts'
import {
  LOCAL_SUBJECT_ACCESS_REVIEW,
  SELF_SUBJECT_ACCESS_REVIEW,
  SUBJECT_ACCESS_REVIEW,
} from './access-review-schema.ts'

const AUTHORIZATION_GROUP = 'authorization.k8s.io'

interface ReviewSpec {
  resourceAttributes?: Partial<
    Record<'namespace' | 'verb' | 'group' | 'version' | 'resource' | 'subresource' | 'name', string>
  >
  nonResourceAttributes?: { path?: string; verb?: string }
  user?: string
  groups?: string[]
  uid?: string
  extra?: Record<string, string[]>
}

export function accessReviews(authorizer: Authorizer): VirtualResource[] {
  const answer = async (review: UnknownObject, user: UserInfo): Promise<UnknownObject> => {
    const { verdict, reason } = await authorizer.authorize(computeAttributes(user, specOf(review)))
    const status = {
      allowed: verdict === 'allow',
      ...(verdict === 'deny' ? { denied: true } : {}),
      ...(reason === '' ? {} : { reason }),
    }
    return { ...review, status }
  }
  return [
    reviewResource('SelfSubjectAccessReview', false, SELF_SUBJECT_ACCESS_REVIEW, ({ context }, review) => {
      refuseFaults(review, findFaults(specOf(review)))
      return answer(review, context.user)
    }),
    reviewResource('SubjectAccessReview', false, SUBJECT_ACCESS_REVIEW, (_request, review) => {
      refuseFaults(review, [...findFaults(specOf(review)), ...findSubjectFaults(specOf(review))])
      return answer(review, subjectOf(specOf(review)))
    }),
    reviewResource('LocalSubjectAccessReview', true, LOCAL_SUBJECT_ACCESS_REVIEW, ({ namespace }, review) => {
      const spec = specOf(review)
      refuseFaults(review, [...findFaults(spec), ...findSubjectFaults(spec)])
      const asked = spec.resourceAttributes?.namespace ?? ''
      if (asked !== namespace) {
        const message = `spec.resourceAttributes.namespace must match namespace: ${namespace}`
        throw badRequest(message)
      }
      return answer(review, subjectOf(spec))
    }),
  ]
}

export function reviewResource(
  kind: string,
  namespaced: boolean,
  schema: ObjectSchema,
  create: (request: VirtualRequest, review: UnknownObject) => Promise<UnknownObject>,
): VirtualResource {
  const singularName = kind.toLowerCase()
  return {
    gvk: { group: AUTHORIZATION_GROUP, version: 'v1', kind },
    resource: `${singularName}s`,
    singularName,
    shortNames: [],
    namespaced,
    schema,
    // What is wrong with a review is told as a rejection also when it is found at once.
    create: async (request, review) => create(request, review),
  }
}

function specOf(review: UnknownObject): ReviewSpec {
  return (review['spec'] ?? {}) as ReviewSpec
}

function subjectOf({ user = '', groups = [], uid = '', extra }: ReviewSpec): UserInfo {
  return { name: user, groups, ...(uid === '' ? {} : { uid }), ...(extra === undefined ? {} : { extra }) }
}

function findFaults({ resourceAttributes, nonResourceAttributes }: ReviewSpec): FieldError[] {
  if (resourceAttributes !== undefined && nonResourceAttributes !== undefined)
    return [
      invalid(
        'spec.nonResourceAttributes',
        nonResourceAttributes,
        'cannot be specified in combination with resourceAttributes',
      ),
    ]
  if (resourceAttributes === undefined && nonResourceAttributes === undefined)
    return [
      invalid(
        'spec.resourceAttributes',
        null,
        'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ),
    ]
  return []
}

function findSubjectFaults({ user = '', groups = [] }: ReviewSpec): FieldError[] {
  return user === '' && groups.length === 0
    ? [required('spec.user', 'at least one of user or group must be specified')]
    : []
}

function refuseFaults({ kind }: UnknownObject, faults: readonly FieldError[]): void {
  if (faults.length > 0) throw invalidObject({ group: AUTHORIZATION_GROUP, version: 'v1', kind }, '', faults)
}

function computeAttributes(
  user: UserInfo,
  { resourceAttributes, nonResourceAttributes }: ReviewSpec,
): AuthorizerAttributes {
  if (resourceAttributes === undefined)
    return { user, type: 'path', verb: nonResourceAttributes?.verb ?? '', path: nonResourceAttributes?.path ?? '' }
  const {
    verb = '',
    group = '',
    version = '*',
    resource = '',
    subresource = '',
    namespace = '',
    name = '',
  } = resourceAttributes
  return { user, type: 'resource', verb, group, version, resource, subresource, namespace, name }
}
