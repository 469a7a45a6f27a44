/** Field selectors of the form `path=value,…`. */
import type { UnknownObject } from '../../common/api/api-object.ts'

export function matchesFields(object: UnknownObject, selector = ''): boolean {
  return selector
    .split(',')
    .filter((term) => term !== '')
    .every((term) => {
      const [path = '', value] = term.split('=')
      return valueAt(object, path) === value
    })
}

function valueAt(object: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], object)
}
