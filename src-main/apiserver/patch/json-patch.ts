/** JSON Patch (RFC 6902) with upstream's limits. */
import { applyPatch, Pointer, type Operation } from 'rfc6902'
import { badRequest, requestEntityTooLarge } from '../../kube/status-error.ts'
import { inapplicable } from './patch-failure.ts'

const MAX_OPERATIONS = 10_000
/** What `copy` may add in all: as much as a body may have. */
const MAX_COPIED_CHARACTERS = 3 * 1024 * 1024

/** The operations of a patch. Throws `StatusError`: 400 when it is no list of objects, 413 when it is too long. */
export function readJSONPatch(value: unknown): Operation[] {
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'object' || item === null)) {
    const found = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
    throw badRequest(`json: cannot unmarshal ${found} into Go value of type jsonpatch.Patch`)
  }
  if (value.length > MAX_OPERATIONS) {
    throw requestEntityTooLarge(
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${value.length}`,
    )
  }
  return value as Operation[]
}

/** Changes `document`. Throws `StatusError` (422) at the first operation that cannot be carried out. */
export function applyJSONPatch(document: object, operations: readonly Operation[]): void {
  let copied = 0
  for (const operation of operations) {
    if (!isSafe(document, operation)) throw inapplicable()
    if (operation.op === 'copy') {
      copied += JSON.stringify(Pointer.fromJSON(operation.from).get(document))?.length ?? 0
      if (copied > MAX_COPIED_CHARACTERS) throw inapplicable()
    }
    if (applyPatch(document, [operation]).some((failure) => failure !== null)) throw inapplicable()
  }
}

/**
 * Whether its paths lead through members of the document alone: the library would follow them to what every JavaScript
 * object and array inherits, and change that for the whole process.
 */
function isSafe(document: object, operation: Operation): boolean {
  const paths: unknown[] = 'from' in operation ? [operation.path, operation.from] : [operation.path]
  return paths.every(
    (path) => typeof path === 'string' && (path === '' || path.startsWith('/')) && leads(document, path),
  )
}

function leads(document: object, path: string): boolean {
  const tokens = Pointer.fromJSON(path).tokens.slice(1)
  const last = tokens.pop()
  let value: unknown = document
  for (const token of tokens) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return false
    value = (value as Record<string, unknown>)[token]
  }
  if (last === undefined) return true
  if (Array.isArray(value)) return /^(?:-|\d+)$/.test(last)
  return typeof value === 'object' && value !== null && (Object.hasOwn(value, last) || !(last in value))
}
