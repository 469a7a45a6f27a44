/** `autoscaling/v1` Scale: how many pods a workload has and should have, whatever its kind (Kubernetes 1.35). */
import type { ApiObject } from './api-object.ts'
import { INT32, object, required, STRING } from './field-schema.ts'
import { kindSchema } from './kind-schema.ts'

export interface Scale extends ApiObject {
  spec?: { replicas?: number }
  /** `selector` finds the pods. */
  status?: { replicas: number; selector?: string }
}

export const SCALE = { group: 'autoscaling', version: 'v1', kind: 'Scale' } as const

export const SCALE_SCHEMA = kindSchema(SCALE.kind, {
  spec: object('ScaleSpec', { replicas: INT32 }),
  status: object('ScaleStatus', { replicas: required(INT32), selector: STRING }),
})
