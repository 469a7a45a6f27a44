/** Every field that a manifest of a Pod can have, as the editor's completion leads to it. */
import type { FieldSchema } from '@common/api/field-schema.ts'
import { POD_SCHEMA } from '@common/api/pod-schema.ts'
import type { FieldPath } from '../features/editor/field-path.ts'

/** Lists by their first item. */
export function podFieldPaths(schema: FieldSchema = POD_SCHEMA, path: FieldPath = []): FieldPath[] {
  switch (schema.type) {
    case 'object':
      return Object.entries(schema.fields).flatMap(([name, field]) => [
        [...path, name],
        ...podFieldPaths(field, [...path, name]),
      ])
    case 'array':
      return podFieldPaths(schema.items, [...path, 0])
    default:
      return []
  }
}
