/** A condition as workloads and budgets carry it in their status (`meta/v1` Condition and its older kin), by its `type`. */
import type { Time } from './meta.ts'

export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  lastTransitionTime?: Time
  reason?: string
  message?: string
}

export function conditionOf<Kind extends { type: string }>(
  conditions: readonly Kind[] | undefined,
  type: string,
): Kind | undefined {
  return conditions?.find((condition) => condition.type === type)
}

/** In the place of the one of its type. */
export function withCondition<Kind extends { type: string }>(
  conditions: readonly Kind[] | undefined,
  condition: Kind,
): Kind[] {
  return [...withoutCondition(conditions, condition.type), condition]
}

export function withoutCondition<Kind extends { type: string }>(
  conditions: readonly Kind[] | undefined,
  type: string,
): Kind[] {
  return (conditions ?? []).filter((condition) => condition.type !== type)
}
