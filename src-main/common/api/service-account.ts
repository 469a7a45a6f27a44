/** `core/v1` ServiceAccount (Kubernetes 1.35). */
import type { ApiObject } from './api-object.ts'
import { array, BOOLEAN, mergedBy, object, pointer, STRING } from './field-schema.ts'
import { kindSchema } from './kind-schema.ts'

export interface ServiceAccount extends ApiObject {
  secrets?: { name?: string }[]
  imagePullSecrets?: { name?: string }[]
  automountServiceAccountToken?: boolean
}

export const OBJECT_REFERENCE = object('ObjectReference', {
  kind: STRING,
  namespace: STRING,
  name: STRING,
  uid: STRING,
  apiVersion: STRING,
  resourceVersion: STRING,
  fieldPath: STRING,
})

export const SERVICE_ACCOUNT_SCHEMA = kindSchema('ServiceAccount', {
  secrets: mergedBy(['name'], OBJECT_REFERENCE),
  imagePullSecrets: array(object('LocalObjectReference', { name: STRING })),
  automountServiceAccountToken: pointer(BOOLEAN),
})
