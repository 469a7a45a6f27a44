/** `policy/v1` PodDisruptionBudget (Kubernetes 1.35). */
import type { ApiObject } from './api-object.ts'
import type { Condition } from './condition.ts'
import type { IntOrString } from './core.ts'
import { INT32, INT64, map, mergedBy, object, oneOf, pointer, required, STRING, TIME } from './field-schema.ts'
import { kindSchema } from './kind-schema.ts'
import type { LabelSelectorObject } from './label-selector-object.ts'
import { LABEL_SELECTOR } from './label-selector-schema.ts'
import type { Time } from './meta.ts'
import { CONDITION_FIELDS } from './pod-status-schema.ts'
import { COUNT_OR_PERCENT } from './pod-template.ts'

export interface BudgetCondition extends Condition {
  type: 'DisruptionAllowed'
  reason: string
  message: string
  observedGeneration?: number
}

/** Kept by the disruption controller. */
export interface PodDisruptionBudgetStatus {
  observedGeneration?: number
  /** Pods that are about to be evicted, and since when. */
  disruptedPods?: Record<string, string>
  disruptionsAllowed: number
  currentHealthy: number
  desiredHealthy: number
  expectedPods: number
  conditions?: BudgetCondition[]
}

/** Pure. What a budget with so many allowed disruptions says of them. */
export function disruptionAllowed(allowed: number, observedGeneration: number, now: Time): BudgetCondition {
  const isAllowed = allowed > 0
  return {
    type: 'DisruptionAllowed',
    status: isAllowed ? 'True' : 'False',
    observedGeneration,
    lastTransitionTime: now,
    reason: isAllowed ? 'SufficientPods' : 'InsufficientPods',
    message: '',
  }
}

export interface PodDisruptionBudget extends ApiObject {
  spec?: {
    minAvailable?: IntOrString
    maxUnavailable?: IntOrString
    selector?: LabelSelectorObject
    unhealthyPodEvictionPolicy?: 'IfHealthyBudget' | 'AlwaysAllow'
  }
  status?: PodDisruptionBudgetStatus
}

export const POD_DISRUPTION_BUDGET_SCHEMA = kindSchema('PodDisruptionBudget', {
  spec: object('PodDisruptionBudgetSpec', {
    minAvailable: COUNT_OR_PERCENT,
    selector: LABEL_SELECTOR,
    maxUnavailable: COUNT_OR_PERCENT,
    unhealthyPodEvictionPolicy: pointer(oneOf('IfHealthyBudget', 'AlwaysAllow')),
  }),
  status: object('PodDisruptionBudgetStatus', {
    observedGeneration: INT64,
    disruptedPods: map(TIME),
    disruptionsAllowed: required(INT32),
    currentHealthy: required(INT32),
    desiredHealthy: required(INT32),
    expectedPods: required(INT32),
    conditions: mergedBy(
      ['type'],
      object('Condition', { ...CONDITION_FIELDS, message: required(STRING), observedGeneration: INT64 }),
    ),
  }),
})
