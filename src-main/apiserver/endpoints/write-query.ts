/** The query of writes: dry run, field manager, field validation (apimachinery/pkg/apis/meta/v1/validation). */
import {
  forbidden,
  invalid as invalidField,
  required,
  tooLong,
  unsupported,
  type FieldError,
} from '../../common/validation/field-error.ts'
import { invalid } from '../../kube/status-error.ts'
import type { FieldValidation } from '../serialization/json/decode-body.ts'
import { readOptionalFlag } from './query-values.ts'

export interface WriteQuery {
  dryRun: boolean
  /** Undefined when the client names none. */
  fieldManager: string | undefined
  fieldValidation: FieldValidation
  /** Of server-side apply: takes what others own. */
  force: boolean
}

export type WriteOptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions'

const MAX_FIELD_MANAGER_LENGTH = 128
const FIELD_VALIDATIONS = ['', 'Ignore', 'Strict', 'Warn']
const DRY_RUN_ALL = 'All'

/** @throws StatusError */
export function readWriteQuery(query: URLSearchParams, kind: WriteOptionsKind, isApply = false): WriteQuery {
  const fieldManager = query.get('fieldManager') ?? ''
  const fieldValidation = query.get('fieldValidation') ?? ''
  const force = readOptionalFlag(query, 'force')
  const errors: FieldError[] = []
  if (kind === 'PatchOptions' && !isApply && force !== undefined)
    errors.push(forbidden('force', 'may not be specified for non-apply patch'))
  if (isApply && fieldManager === '') errors.push(required('fieldManager', 'is required for apply patch'))
  errors.push(...validateFieldManager(fieldManager), ...validateDryRun(query.getAll('dryRun')))
  if (!FIELD_VALIDATIONS.includes(fieldValidation))
    errors.push(unsupported('fieldValidation', fieldValidation, FIELD_VALIDATIONS))
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', version: 'v1', kind }, '', errors)
  return {
    dryRun: query.getAll('dryRun').includes(DRY_RUN_ALL),
    fieldManager: fieldManager === '' ? undefined : fieldManager,
    fieldValidation: fieldValidation === 'Ignore' || fieldValidation === 'Strict' ? fieldValidation : 'Warn',
    force: force ?? false,
  }
}

function validateFieldManager(name: string): FieldError[] {
  if (name.length > MAX_FIELD_MANAGER_LENGTH) return [tooLong('fieldManager', MAX_FIELD_MANAGER_LENGTH)]
  return /^[\P{C}]*$/u.test(name)
    ? []
    : [invalidField('fieldManager', name, 'should only contain printable characters')]
}

/** A dry run is asked for by one word alone. */
export function validateDryRun(values: readonly string[]): FieldError[] {
  if (values.every((value) => value === DRY_RUN_ALL)) return []
  return [{ type: 'Unsupported value', field: 'dryRun', value: values, detail: `supported values: "${DRY_RUN_ALL}"` }]
}
