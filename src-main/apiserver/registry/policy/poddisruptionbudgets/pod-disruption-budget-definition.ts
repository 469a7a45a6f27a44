/** `policy/v1` poddisruptionbudgets. */
import { POD_DISRUPTION_BUDGET_SCHEMA, type PodDisruptionBudget } from '../../../../common/api/pod-disruption-budget.ts'
import { type FieldError, invalid } from '../../../../common/validation/field-error.ts'
import {
  validateAtMostAll,
  validateCountOrPercent,
  validateLabelSelector,
} from '../../../../common/validation/validate-pod-template.ts'
import { AGE, integer, NAME, printTable, text } from '../../columns.ts'
import { defineKind } from '../../define-kind.ts'
import { statusStrategyOf, strategyWithStatus } from '../../strategies.ts'

export const POD_DISRUPTION_BUDGETS = defineKind<PodDisruptionBudget>({
  group: 'policy',
  kind: 'PodDisruptionBudget',
  resource: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  namespaced: true,
  schema: POD_DISRUPTION_BUDGET_SCHEMA,
  strategy: strategyWithStatus<PodDisruptionBudget>({
    setDefaults,
    prepareForCreate(budget) {
      delete budget.status
      setDefaults(budget)
    },
    validate: validateBudget,
  }),
  statusStrategy: statusStrategyOf<PodDisruptionBudget>(),
  printer: printTable<PodDisruptionBudget>([
    NAME,
    text('Min Available', 'Pods that have to stay.', ({ spec }) => String(spec?.minAvailable ?? 'N/A')),
    text('Max Unavailable', 'Pods that may be away.', ({ spec }) => String(spec?.maxUnavailable ?? 'N/A')),
    integer('Allowed Disruptions', 'Pods that may go now.', ({ status }) => status?.disruptionsAllowed ?? 0),
    AGE,
  ]),
})

function setDefaults(budget: PodDisruptionBudget): void {
  budget.spec ??= {}
  budget.status ??= { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }
}

function validateBudget({ spec = {} }: PodDisruptionBudget): FieldError[] {
  const { minAvailable, maxUnavailable, selector } = spec
  const errors: FieldError[] = []
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    errors.push(invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set'))
  }
  for (const [count, field] of [
    [minAvailable, 'spec.minAvailable'],
    [maxUnavailable, 'spec.maxUnavailable'],
  ] as const) {
    errors.push(...validateCountOrPercent(count, field), ...validateAtMostAll(count, field))
  }
  return selector === undefined ? errors : [...errors, ...validateLabelSelector(selector, 'spec.selector')]
}
