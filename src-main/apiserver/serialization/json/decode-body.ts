/** Request bodies as typed objects: JSON or YAML, checked against the kind's schema (facts 8.2.2). */
import type { GroupVersionKind, UnknownObject } from '../../../common/api/api-object.ts'
import type { ObjectSchema } from '../../../common/api/field-schema.ts'
import { internalError } from '../../../kube/status-error.ts'

/** What happens to unknown and duplicate fields: refused, warned of, or dropped in silence. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore'

export interface BodyKind extends GroupVersionKind {
  schema: ObjectSchema
}

export interface DecodedBody {
  /** With `apiVersion` and `kind`; zero values are dropped as the API's types drop them, defaults are not yet filled. */
  object: UnknownObject
  /** For `Warning` headers. */
  warnings: string[]
}

/** Decodes a body of `application/json` or `application/yaml`. Throws `StatusError` (400). */
export function decodeBody(
  body: Uint8Array,
  mediaType: 'application/json' | 'application/yaml',
  kind: BodyKind,
  fieldValidation: FieldValidation,
): DecodedBody {
  throw internalError(`${mediaType} ${kind.kind} ${fieldValidation} ${body.length}`)
}
