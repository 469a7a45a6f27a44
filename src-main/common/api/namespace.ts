/** `core/v1` Namespace (Kubernetes 1.35). */
import type { ApiObject } from './api-object.ts'
import { array, mergedBy, object, oneOf, STRING } from './field-schema.ts'
import { kindSchema } from './kind-schema.ts'
import type { Time } from './meta.ts'
import { CONDITION_FIELDS } from './pod-status-schema.ts'

export interface NamespaceCondition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  lastTransitionTime?: Time | null
  reason?: string
  message?: string
}

export interface Namespace extends ApiObject {
  /** Who has to clean up before it may go. */
  spec?: { finalizers?: string[] }
  status?: { phase?: 'Active' | 'Terminating'; conditions?: NamespaceCondition[] }
}

export const NAMESPACE_SCHEMA = kindSchema('Namespace', {
  spec: object('NamespaceSpec', { finalizers: array(STRING) }),
  status: object('NamespaceStatus', {
    phase: oneOf('Active', 'Terminating'),
    conditions: mergedBy(['type'], object('NamespaceCondition', CONDITION_FIELDS)),
  }),
})
