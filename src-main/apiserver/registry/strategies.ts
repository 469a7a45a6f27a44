/** What strategies of most kinds have in common; a kind states only where it differs. */
import { isDeepStrictEqual } from 'node:util'
import type { ApiObject } from '../../common/api/api-object.ts'
import { type FieldError, type FieldValue, invalid } from '../../common/validation/field-error.ts'
import { IS_IMMUTABLE } from '../../common/validation/validate-object-meta.ts'
import type { Strategy, StatusStrategy } from './resource-definition.ts'

/** Keeps whatever it is given; an update is validated as a creation is unless the kind says otherwise. */
export function strategyOf<Kind extends ApiObject>(rules: Partial<Strategy<Kind>>): Strategy<Kind> {
  const validate: Strategy<Kind>['validate'] = rules.validate ?? (() => [])
  return {
    setDefaults: () => {},
    prepareForCreate: () => {},
    prepareForUpdate: () => {},
    validateUpdate: (object, _old, context) => validate(object, context),
    ...rules,
    validate,
  }
}

interface Spoken extends ApiObject {
  spec?: unknown
  status?: unknown
}

/** For kinds with a spec and a status of their own: the status is the server's to begin with, and a changed spec counts. */
export function strategyWithStatus<Kind extends Spoken>(rules: Partial<Strategy<Kind>>): Strategy<Kind> {
  const prepareForCreate: Strategy<Kind>['prepareForCreate'] = rules.prepareForCreate ?? clearStatus
  return strategyOf<Kind>({
    prepareForUpdate: (object, old) => {
      keep(object, old, 'status')
      countGeneration(object, old)
    },
    ...rules,
    prepareForCreate: (object, context) => {
      prepareForCreate(object, context)
      object.metadata.generation = 1
    },
  })
}

/** `/status` of such kinds. */
export function statusStrategyOf<Kind extends Spoken>(rules: Partial<StatusStrategy<Kind>> = {}): StatusStrategy<Kind> {
  return {
    prepareForUpdate: (object, old) => {
      keep(object, old, 'spec')
    },
    validateUpdate: () => [],
    ...rules,
  }
}

/** A new object has no status, whatever its author wrote. */
function clearStatus(object: Spoken): void {
  object.status = {}
}

/** Makes a member what it was. */
export function keep<Kind extends object>(object: Kind, old: Kind, member: keyof Kind): void {
  if (Object.hasOwn(old, member)) object[member] = old[member]
  else delete object[member]
}

/** `metadata.generation` counts the changes of the spec. */
export function countGeneration(object: Spoken, old: Spoken): void {
  const changed = !isDeepStrictEqual(object.spec, old.spec)
  object.metadata.generation = (old.metadata.generation ?? 0) + (changed ? 1 : 0)
}

/** A field that an update may not change. */
export function validateUnchanged(value: unknown, old: unknown, field: string): FieldError[] {
  return isDeepStrictEqual(value, old) ? [] : [invalid(field, (value ?? null) as FieldValue, IS_IMMUTABLE)]
}
