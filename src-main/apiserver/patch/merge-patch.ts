/** JSON Merge Patch (RFC 7386): members replace, `null` removes, lists are replaced as a whole. */
import { isRecord, setMember } from '../serialization/json/set-member.ts'

/** What `target` becomes; neither it nor the patch is changed, but the result shares parts with both. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else setMember(result, key, mergePatch(Object.hasOwn(result, key) ? result[key] : undefined, value))
  }
  return result
}
