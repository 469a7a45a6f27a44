/** Schema of `meta/v1` LabelSelector: one owner for all of it. */
import { array, atomic, map, object, required, STRING } from './field-schema.ts'

export const LABEL_SELECTOR = atomic(
  object('LabelSelector', {
    matchLabels: map(STRING),
    matchExpressions: array(
      object('LabelSelectorRequirement', { key: required(STRING), operator: required(STRING), values: array(STRING) }),
    ),
  }),
)
