/** `apps/v1` DaemonSet (Kubernetes 1.35). */
import type { ApiObject } from './api-object.ts'
import type { IntOrString } from './core.ts'
import { INT32, INT64, mergedBy, object, oneOf, pointer, required } from './field-schema.ts'
import { kindSchema } from './kind-schema.ts'
import type { LabelSelectorObject } from './label-selector-object.ts'
import { LABEL_SELECTOR } from './label-selector-schema.ts'
import { CONDITION_FIELDS } from './pod-status-schema.ts'
import { COUNT_OR_PERCENT, POD_TEMPLATE, type PodTemplateSpec } from './pod-template.ts'

/** Where the API shows how often the template changed. */
export const TEMPLATE_GENERATION_ANNOTATION = 'deprecated.daemonset.template.generation'

export interface DaemonSetUpdateStrategy {
  type?: 'RollingUpdate' | 'OnDelete'
  rollingUpdate?: { maxUnavailable?: IntOrString; maxSurge?: IntOrString }
}

export interface DaemonSetSpec {
  selector?: LabelSelectorObject
  template: PodTemplateSpec
  updateStrategy?: DaemonSetUpdateStrategy
  minReadySeconds?: number
  revisionHistoryLimit?: number
}

export interface DaemonSetStatus {
  currentNumberScheduled: number
  numberMisscheduled: number
  desiredNumberScheduled: number
  numberReady: number
  observedGeneration?: number
  updatedNumberScheduled?: number
  numberAvailable?: number
  numberUnavailable?: number
  collisionCount?: number
}

export interface DaemonSet extends ApiObject {
  spec: DaemonSetSpec
  status?: DaemonSetStatus
}

export const DAEMON_SET_SCHEMA = kindSchema('DaemonSet', {
  spec: required(
    object('DaemonSetSpec', {
      selector: LABEL_SELECTOR,
      template: required(POD_TEMPLATE),
      updateStrategy: object('DaemonSetUpdateStrategy', {
        type: oneOf('RollingUpdate', 'OnDelete'),
        rollingUpdate: object('RollingUpdateDaemonSet', {
          maxUnavailable: COUNT_OR_PERCENT,
          maxSurge: COUNT_OR_PERCENT,
        }),
      }),
      minReadySeconds: INT32,
      revisionHistoryLimit: pointer(INT32),
    }),
  ),
  status: object('DaemonSetStatus', {
    currentNumberScheduled: required(INT32),
    numberMisscheduled: required(INT32),
    desiredNumberScheduled: required(INT32),
    numberReady: required(INT32),
    observedGeneration: INT64,
    updatedNumberScheduled: INT32,
    numberAvailable: INT32,
    numberUnavailable: INT32,
    collisionCount: pointer(INT32),
    conditions: mergedBy(['type'], object('DaemonSetCondition', CONDITION_FIELDS)),
  }),
})
