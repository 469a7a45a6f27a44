/** Values of the query as the API reads them (apimachinery/pkg/runtime/conversion.go). */
import { badRequest } from '../../kube/status-error.ts'

/** Anything but `false` and `0` is yes, also nothing behind the name. */
export function readFlag(query: URLSearchParams, name: string): boolean {
  return readOptionalFlag(query, name) ?? false
}

export function readOptionalFlag(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name)
  return text === null ? undefined : text.toLowerCase() !== 'false' && text !== '0'
}

/** Undefined when it is not there. Throws `StatusError`. */
export function readInteger(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text)
  const problem = /^[+-]?\d+$/.test(text) ? 'value out of range' : 'invalid syntax'
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${problem}`)
}
