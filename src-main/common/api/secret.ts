/** `core/v1` Secret (Kubernetes 1.35). */
import type { ApiObject } from './api-object.ts'
import { BOOLEAN, map, pointer, STRING } from './field-schema.ts'
import { kindSchema } from './kind-schema.ts'

export interface Secret extends ApiObject {
  /** Base64. */
  data?: Record<string, string>
  /** Plain; only ever written, never read back. */
  stringData?: Record<string, string>
  type?: string
  immutable?: boolean
}

export const SECRET_SCHEMA = kindSchema('Secret', {
  immutable: pointer(BOOLEAN),
  data: map(STRING),
  stringData: map(STRING),
  type: STRING,
})
