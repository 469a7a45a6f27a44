/** `scheduling.k8s.io/v1` PriorityClass (Kubernetes 1.35). */
import type { ApiObject } from './api-object.ts'
import { BOOLEAN, INT32, oneOf, pointer, required, STRING } from './field-schema.ts'
import { kindSchema } from './kind-schema.ts'

export interface PriorityClass extends ApiObject {
  value: number
  /** For pods that name no class. */
  globalDefault?: boolean
  description?: string
  preemptionPolicy?: 'PreemptLowerPriority' | 'Never'
}

export const PRIORITY_CLASS_SCHEMA = kindSchema('PriorityClass', {
  value: required(INT32),
  globalDefault: BOOLEAN,
  description: STRING,
  preemptionPolicy: pointer(oneOf('PreemptLowerPriority', 'Never')),
})
