/** Schemas of whole kinds: what every object has, and the kind's own fields. */
import { object, required, STRING, type FieldSchema, type ObjectSchema } from './field-schema.ts'
import { OBJECT_META } from './pod-schema.ts'

export function kindSchema(kind: string, fields: Readonly<Record<string, FieldSchema>>): ObjectSchema {
  return object(kind, { apiVersion: STRING, kind: STRING, metadata: required(OBJECT_META), ...fields })
}
