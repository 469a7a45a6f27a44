/**
 * Members that are structs in Go: always there and always written, though nobody has to set them. The schemas know them as
 * objects that may be absent, like those behind a pointer; for ownership and for `required` the difference matters.
 */
import type { FieldSchema } from '../../../common/api/field-schema.ts'

const STRUCT_MEMBERS: ReadonlySet<string> = new Set([
  'lastState',
  'metadata',
  'source',
  'spec',
  'state',
  'status',
  'strategy',
  'template',
  'updateStrategy',
])

export function isStructMember(name: string, schema: FieldSchema): boolean {
  return schema.type === 'object' && STRUCT_MEMBERS.has(name)
}
