/** A merge patch, with lists of conditions and addresses merged by their type as a strategic one does. */
const MERGED_LISTS: readonly string[] = ['conditions', 'addresses']

type Fields = Record<string, unknown>

export function mergePatch(before: unknown, patch: unknown, field = ''): unknown {
  if (Array.isArray(patch) && MERGED_LISTS.includes(field)) return mergeByType(before, patch as Fields[])
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const merged: Fields = typeof before === 'object' && before !== null ? { ...(before as Fields) } : {}
  for (const [key, value] of Object.entries(patch as Fields)) {
    if (key.startsWith('$')) continue
    if (value === null && !key.startsWith('last')) delete merged[key]
    else merged[key] = mergePatch(merged[key], value, key)
  }
  return merged
}

function mergeByType(before: unknown, patch: Fields[]): Fields[] {
  const merged = [...((before as Fields[] | undefined) ?? [])]
  for (const entry of patch) {
    const index = merged.findIndex((other) => other['type'] === entry['type'])
    if (entry['$patch'] === 'delete') merged.splice(index, index < 0 ? 0 : 1)
    else if (index < 0) merged.push(mergePatch({}, entry) as Fields)
    else merged[index] = mergePatch(merged[index], entry) as Fields
  }
  return merged
}
