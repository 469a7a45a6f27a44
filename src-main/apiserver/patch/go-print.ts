/** Plain data as Go's `%v` prints it: what some of upstream's messages show. */
export function goPrint(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goPrint).join(' ')}]`
  if (typeof value !== 'object') return String(value)
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return `map[${members.map(([key, member]) => `${key}:${goPrint(member)}`).join(' ')}]`
}
