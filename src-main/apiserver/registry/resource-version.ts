/** The `resourceVersion` of a request. */
import { badRequest } from '../../kube/status-error.ts'

/** Zero for an empty text; `StatusError` for what is no whole number. */
export function parseResourceVersion(text: string | undefined): number {
  if (text === undefined || text === '') return 0
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value
  const problem = /^\d+$/.test(text) ? 'value out of range' : 'invalid syntax'
  throw badRequest(
    `Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: ${problem}`,
  )
}
