/** `apps/v1` ReplicaSet (Kubernetes 1.35). */
import type { ApiObject } from './api-object.ts'
import type { Condition } from './condition.ts'
import { INT32, INT64, mergedBy, object, pointer, required } from './field-schema.ts'
import { kindSchema } from './kind-schema.ts'
import type { LabelSelectorObject } from './label-selector-object.ts'
import { LABEL_SELECTOR } from './label-selector-schema.ts'
import { CONDITION_FIELDS } from './pod-status-schema.ts'
import { POD_TEMPLATE, type PodTemplateSpec } from './pod-template.ts'

export interface ReplicaSetStatus {
  /** Pods that count, whatever they do. */
  replicas: number
  /** Of those, with all labels of the template. */
  fullyLabeledReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  /** Beside the others: they are being deleted and have not ended. */
  terminatingReplicas?: number
  observedGeneration?: number
  conditions?: Condition[]
}

export interface ReplicaSet extends ApiObject {
  spec: {
    replicas?: number
    minReadySeconds?: number
    selector?: LabelSelectorObject
    template: PodTemplateSpec
  }
  status?: ReplicaSetStatus
}

export const REPLICA_SET_SCHEMA = kindSchema('ReplicaSet', {
  spec: required(
    object('ReplicaSetSpec', {
      replicas: pointer(INT32),
      minReadySeconds: INT32,
      selector: LABEL_SELECTOR,
      template: required(POD_TEMPLATE),
    }),
  ),
  status: object('ReplicaSetStatus', {
    replicas: required(INT32),
    fullyLabeledReplicas: INT32,
    readyReplicas: INT32,
    availableReplicas: INT32,
    terminatingReplicas: pointer(INT32),
    observedGeneration: INT64,
    conditions: mergedBy(['type'], object('ReplicaSetCondition', CONDITION_FIELDS)),
  }),
})
