/** `apps/v1` Deployment (Kubernetes 1.35). */
import type { ApiObject } from './api-object.ts'
import type { Condition } from './condition.ts'
import type { IntOrString } from './core.ts'
import { BOOLEAN, INT32, INT64, mergedBy, object, oneOf, pointer, required, TIME } from './field-schema.ts'
import { kindSchema } from './kind-schema.ts'
import type { LabelSelectorObject } from './label-selector-object.ts'
import { LABEL_SELECTOR } from './label-selector-schema.ts'
import type { Time } from './meta.ts'
import { CONDITION_FIELDS } from './pod-status-schema.ts'
import { COUNT_OR_PERCENT, POD_TEMPLATE, type PodTemplateSpec } from './pod-template.ts'

export interface DeploymentStrategy {
  type?: 'RollingUpdate' | 'Recreate'
  rollingUpdate?: { maxUnavailable?: IntOrString; maxSurge?: IntOrString }
}

export interface DeploymentCondition extends Condition {
  type: 'Available' | 'Progressing' | 'ReplicaFailure'
  lastUpdateTime?: Time
}

export interface DeploymentStatus {
  observedGeneration?: number
  replicas?: number
  updatedReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  unavailableReplicas?: number
  terminatingReplicas?: number
  collisionCount?: number
  conditions?: DeploymentCondition[]
}

export interface Deployment extends ApiObject {
  spec: {
    replicas?: number
    selector?: LabelSelectorObject
    template: PodTemplateSpec
    strategy?: DeploymentStrategy
    minReadySeconds?: number
    revisionHistoryLimit?: number
    paused?: boolean
    progressDeadlineSeconds?: number
  }
  status?: DeploymentStatus
}

export const DEPLOYMENT_SCHEMA = kindSchema('Deployment', {
  spec: required(
    object('DeploymentSpec', {
      replicas: pointer(INT32),
      selector: LABEL_SELECTOR,
      template: required(POD_TEMPLATE),
      strategy: object('DeploymentStrategy', {
        type: oneOf('RollingUpdate', 'Recreate'),
        rollingUpdate: object('RollingUpdateDeployment', {
          maxUnavailable: COUNT_OR_PERCENT,
          maxSurge: COUNT_OR_PERCENT,
        }),
      }),
      minReadySeconds: INT32,
      revisionHistoryLimit: pointer(INT32),
      paused: BOOLEAN,
      progressDeadlineSeconds: pointer(INT32),
    }),
  ),
  status: object('DeploymentStatus', {
    observedGeneration: INT64,
    replicas: INT32,
    updatedReplicas: INT32,
    readyReplicas: INT32,
    availableReplicas: INT32,
    unavailableReplicas: INT32,
    terminatingReplicas: pointer(INT32),
    collisionCount: pointer(INT32),
    conditions: mergedBy(['type'], object('DeploymentCondition', { ...CONDITION_FIELDS, lastUpdateTime: TIME })),
  }),
})
