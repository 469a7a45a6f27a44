/** A deep copy of plain API data (JSON by definition), so that defaulting never changes what it was given. Members that are `undefined` are left out. */
export function cloneData<Data>(data: Data): Data {
  return cloneValue(data) as Data
}

function cloneValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(cloneValue)
  const copy: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue
    if (name === '__proto__') defineMember(copy, name, cloneValue(member))
    else copy[name] = cloneValue(member)
  }
  return copy
}

/** An assignment would set the prototype instead. */
function defineMember(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
}
