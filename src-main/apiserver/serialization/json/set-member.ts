/** Members of plain data that came from anywhere: a key such as `__proto__` is an ordinary member, whoever sent it. */

export type PlainObject = Record<string, unknown>

export function isRecord(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function setMember(target: PlainObject, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  else target[key] = value
}

/** What only the prototype has is absent. */
export function getMember(source: PlainObject, key: string): unknown {
  return Object.hasOwn(source, key) ? source[key] : undefined
}
