/** Plain data as text that does not depend on the order of keys: what hashes are taken of. */

/** JSON with the members of every object in the order of their names; members that are `undefined` are left out. */
export function canonicalJSON(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJSON).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJSON(member)}`)
  return `{${members.join(',')}}`
}
