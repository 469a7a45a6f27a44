/** `coordination.k8s.io/v1` Lease (Kubernetes 1.35). */
import type { ApiObject } from './api-object.ts'
import { INT32, object, pointer, STRING, TIME } from './field-schema.ts'
import { kindSchema } from './kind-schema.ts'
import type { Time } from './meta.ts'

export interface Lease extends ApiObject {
  spec?: {
    holderIdentity?: string
    leaseDurationSeconds?: number
    /** With microseconds. */
    acquireTime?: Time
    renewTime?: Time
    /** How often the lease changed its holder. */
    leaseTransitions?: number
    strategy?: string
    preferredHolder?: string
  }
}

export const LEASE_SCHEMA = kindSchema('Lease', {
  spec: object('LeaseSpec', {
    holderIdentity: pointer(STRING),
    leaseDurationSeconds: pointer(INT32),
    acquireTime: TIME,
    renewTime: TIME,
    leaseTransitions: pointer(INT32),
    strategy: pointer(STRING),
    preferredHolder: pointer(STRING),
  }),
})
