/** `core/v1` ConfigMap (Kubernetes 1.35). */
import type { ApiObject } from './api-object.ts'
import { BOOLEAN, map, pointer, STRING } from './field-schema.ts'
import { kindSchema } from './kind-schema.ts'

export interface ConfigMap extends ApiObject {
  data?: Record<string, string>
  /** Base64. */
  binaryData?: Record<string, string>
  immutable?: boolean
}

export const CONFIG_MAP_SCHEMA = kindSchema('ConfigMap', {
  immutable: pointer(BOOLEAN),
  data: map(STRING),
  binaryData: map(STRING),
})
