/** `meta/v1` LabelSelector: a label selector as objects carry it, and its form as text. */
import type { LabelRequirement } from './label-selector.ts'

export interface LabelSelectorRequirement {
  key: string
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
  values?: string[]
}

/** All of it has to match; nothing in it matches everything. */
export interface LabelSelectorObject {
  matchLabels?: Record<string, string>
  matchExpressions?: LabelSelectorRequirement[]
}

const OPERATORS = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' } as const

/** The requirements, sorted by key as upstream does. */
export function labelRequirements({
  matchLabels = {},
  matchExpressions = [],
}: LabelSelectorObject): LabelRequirement[] {
  const labels = Object.entries(matchLabels).map(([key, value]): LabelRequirement => ({
    key,
    operator: '=',
    values: [value],
  }))
  const expressions = matchExpressions.map(({ key, operator, values = [] }): LabelRequirement => ({
    key,
    operator: OPERATORS[operator],
    values: [...new Set(values)].toSorted(),
  }))
  return [...labels, ...expressions].toSorted((left, right) =>
    left.key < right.key ? -1 : left.key > right.key ? 1 : 0,
  )
}

/** `app=web,tier in (a,b)`; empty for a selector without requirements. */
export function formatLabelSelector(selector: LabelSelectorObject): string {
  return labelRequirements(selector).map(formatRequirement).join(',')
}

function formatRequirement({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'exists':
      return key
    case '!':
      return `!${key}`
    case 'in':
    case 'notin':
      return `${key} ${operator} (${values.join(',')})`
    case 'gt':
      return `${key}>${values.join()}`
    case 'lt':
      return `${key}<${values.join()}`
    default:
      return `${key}${operator}${values.join()}`
  }
}
