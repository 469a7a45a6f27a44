/** `scheduling.k8s.io/v1` priorityclasses. That at most one is the global default is for admission to see. */
import { PRIORITY_CLASS_SCHEMA, type PriorityClass } from '../../../../common/api/priority-class.ts'
import { type FieldError, forbidden, invalid, unsupported } from '../../../../common/validation/field-error.ts'
import { IS_IMMUTABLE } from '../../../../common/validation/validate-object-meta.ts'
import { AGE, column, integer, NAME, printTable, text } from '../../columns.ts'
import { defineKind } from '../../define-kind.ts'
import { strategyOf } from '../../strategies.ts'

const SYSTEM_PREFIX = 'system-'
/** What users may ask for; above it are the two classes of the system. */
const HIGHEST_USER_VALUE = 1_000_000_000
const SYSTEM_CLASSES: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
}
const POLICIES: readonly string[] = ['Never', 'PreemptLowerPriority']

export const PRIORITY_CLASSES = defineKind<PriorityClass>({
  group: 'scheduling.k8s.io',
  kind: 'PriorityClass',
  resource: 'priorityclasses',
  shortNames: ['pc'],
  namespaced: false,
  schema: PRIORITY_CLASS_SCHEMA,
  strategy: strategyOf<PriorityClass>({
    setDefaults(priority) {
      priority.preemptionPolicy ??= 'PreemptLowerPriority'
    },
    prepareForCreate(priority) {
      priority.metadata.generation = 1
    },
    validate: validatePriorityClass,
    validateUpdate: (priority, old) =>
      (['value', 'preemptionPolicy'] as const)
        .filter((field) => priority[field] !== old[field])
        .map((field) =>
          field === 'value'
            ? forbidden('value', 'may not be changed in an update.')
            : invalid(field, priority[field] ?? '', IS_IMMUTABLE),
        ),
    allowCreateOnUpdate: true,
  }),
  printer: printTable<PriorityClass>([
    NAME,
    integer('Value', 'The priority of pods of this class.', ({ value }) => value),
    {
      ...column('Global-Default', 'boolean', 'Whether pods without a class get this one.'),
      cell: ({ globalDefault }) => globalDefault === true,
    },
    AGE,
    text('PreemptionPolicy', 'Whether such pods push others out.', ({ preemptionPolicy }) => preemptionPolicy ?? ''),
  ]),
})

function validatePriorityClass(priority: PriorityClass): FieldError[] {
  const { metadata, value, globalDefault } = priority
  const { name = '' } = metadata
  const policy: string = priority.preemptionPolicy ?? ''
  const errors: FieldError[] = []
  if (name.startsWith(SYSTEM_PREFIX)) {
    // The two of the system, and only as they are.
    if (SYSTEM_CLASSES[name] !== value || globalDefault === true) {
      const detail = `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${systemFault(name, value)}`
      errors.push(forbidden('metadata.name', detail))
    }
  } else if (value > HIGHEST_USER_VALUE) {
    const detail = `maximum allowed value of a user defined priority is ${HIGHEST_USER_VALUE}`
    errors.push(forbidden('value', detail))
  }
  if (!POLICIES.includes(policy)) errors.push(unsupported('preemptionPolicy', policy, POLICIES))
  return errors
}

function systemFault(name: string, value: number): string {
  const expected = SYSTEM_CLASSES[name]
  if (expected === undefined) return `${name} is not a known system priority class`
  if (expected !== value) return `value of ${name} PriorityClass must be ${expected}`
  return `globalDefault of ${name} PriorityClass must be false`
}
