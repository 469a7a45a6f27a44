/** Whether a status says what another says: the API leaves out what is zero. Pure. */
import { isDeepStrictEqual } from 'node:util'

export function isSameStatus(status: object | undefined, next: object): boolean {
  return isDeepStrictEqual(withoutZeros(status ?? {}), withoutZeros(next))
}

function withoutZeros(status: object): object {
  const isZero = (value: unknown): boolean => value === undefined || value === 0 || isEmpty(value)
  return Object.fromEntries(Object.entries(status).filter(([, value]) => !isZero(value)))
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
