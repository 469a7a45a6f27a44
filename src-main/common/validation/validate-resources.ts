/** Validation of resource requests and limits. */
import type { ResourceRequirements } from '../api/core.ts'
import { compareQuantities, formatQuantity, parseQuantity } from '../api/quantity.ts'
import { type FieldError, invalid } from './field-error.ts'
import { checkQualifiedName } from './names.ts'
import { all } from './validate-metadata.ts'

const STANDARD: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage'])

/** Amounts not negative, names known, and no request above its limit. */
export function validateResources(resources: ResourceRequirements, field: string): FieldError[] {
  const errors: FieldError[] = []
  for (const [name, limit] of Object.entries(resources.limits ?? {})) {
    errors.push(...validateAmount(name, limit, `${field}.limits`))
  }
  for (const [name, request] of Object.entries(resources.requests ?? {})) {
    errors.push(...validateAmount(name, request, `${field}.requests`))
    const limit = resources.limits?.[name]
    if (limit !== undefined) errors.push(...compareWithLimit(name, request, limit, `${field}.requests`))
    else if (isExtended(name))
      errors.push(invalid(`${field}.limits`, '', 'Limit must be set for non overcommitable resources'))
  }
  return errors
}

function validateAmount(name: string, amount: string | number, field: string): FieldError[] {
  const path = `${field}[${name}]`
  const errors = all(path, name, checkQualifiedName(name))
  if (!name.includes('/') && !STANDARD.has(name) && !name.startsWith('hugepages-')) {
    errors.push(invalid(path, name, 'must be a standard resource type or fully qualified'))
    errors.push(invalid(path, name, 'must be a standard resource for containers'))
  }
  const parsed = parseQuantity(amount)
  if (!parsed.ok) return [...errors, invalid(path, String(amount), parsed.message)]
  const { quantity } = parsed
  if (quantity.nanos < 0n) errors.push(invalid(path, formatQuantity(quantity), 'must be greater than or equal to 0'))
  if (isExtended(name) && quantity.nanos % 1_000_000_000n !== 0n) {
    errors.push(invalid(path, formatQuantity(quantity), 'must be an integer'))
  }
  return errors
}

function compareWithLimit(name: string, request: string | number, limit: string | number, field: string): FieldError[] {
  const left = parseQuantity(request)
  const right = parseQuantity(limit)
  if (!left.ok || !right.ok) return []
  const shown = formatQuantity(left.quantity)
  const order = compareQuantities(left.quantity, right.quantity)
  if (isExtended(name) || name.startsWith('hugepages-')) {
    const detail = `must be equal to ${name} limit of ${formatQuantity(right.quantity)}`
    return order === 0 ? [] : [invalid(field, shown, detail)]
  }
  const detail = `must be less than or equal to ${name} limit of ${formatQuantity(right.quantity)}`
  return order > 0 ? [invalid(field, shown, detail)] : []
}

/** Resources of device plugins and the like: whole numbers that cannot be promised twice. */
function isExtended(name: string): boolean {
  return name.includes('/') && !name.startsWith('kubernetes.io/')
}
