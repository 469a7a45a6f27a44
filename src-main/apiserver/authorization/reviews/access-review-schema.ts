/** `authorization.k8s.io/v1`: the bodies of the access reviews. */
import {
  array,
  BOOLEAN,
  map,
  object,
  OPAQUE,
  pointer,
  required,
  STRING,
  type ObjectSchema,
} from '../../../common/api/field-schema.ts'

const RESOURCE_ATTRIBUTES = object('ResourceAttributes', {
  namespace: STRING,
  verb: STRING,
  group: STRING,
  version: STRING,
  resource: STRING,
  subresource: STRING,
  name: STRING,
  fieldSelector: OPAQUE,
  labelSelector: OPAQUE,
})

const ATTRIBUTES = {
  resourceAttributes: pointer(RESOURCE_ATTRIBUTES),
  nonResourceAttributes: pointer(object('NonResourceAttributes', { path: STRING, verb: STRING })),
}

const STATUS = object('SubjectAccessReviewStatus', {
  allowed: required(BOOLEAN),
  denied: BOOLEAN,
  reason: STRING,
  evaluationError: STRING,
})

function review(name: string, spec: ObjectSchema, status: ObjectSchema): ObjectSchema {
  return object(name, {
    apiVersion: STRING,
    kind: STRING,
    metadata: OPAQUE,
    spec: required(spec),
    status,
  })
}

const SUBJECT_SPEC = object('SubjectAccessReviewSpec', {
  ...ATTRIBUTES,
  user: STRING,
  groups: array(STRING),
  extra: map(array(STRING)),
  uid: STRING,
})

export const SUBJECT_ACCESS_REVIEW = review('SubjectAccessReview', SUBJECT_SPEC, STATUS)

export const LOCAL_SUBJECT_ACCESS_REVIEW = review('LocalSubjectAccessReview', SUBJECT_SPEC, STATUS)

export const SELF_SUBJECT_ACCESS_REVIEW = review(
  'SelfSubjectAccessReview',
  object('SelfSubjectAccessReviewSpec', ATTRIBUTES),
  STATUS,
)

export const SELF_SUBJECT_RULES_REVIEW = review(
  'SelfSubjectRulesReview',
  object('SelfSubjectRulesReviewSpec', { namespace: STRING }),
  object('SubjectRulesReviewStatus', {
    resourceRules: array(
      object('ResourceRule', {
        verbs: required(array(STRING)),
        apiGroups: array(STRING),
        resources: array(STRING),
        resourceNames: array(STRING),
      }),
    ),
    nonResourceRules: array(
      object('NonResourceRule', { verbs: required(array(STRING)), nonResourceURLs: array(STRING) }),
    ),
    incomplete: required(BOOLEAN),
    evaluationError: STRING,
  }),
)
