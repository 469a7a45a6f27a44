/** PATCH bodies (facts 8.5.3): parsed once, applied to whatever stands there, again after a conflict. */
import type { UnknownObject } from '../../common/api/api-object.ts'
import { internalError } from '../../kube/status-error.ts'
import type { BodyKind, DecodedBody, FieldValidation } from '../serialization/json/decode-body.ts'

export const PATCH_MEDIA_TYPES = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
} as const

export type PatchType = (typeof PATCH_MEDIA_TYPES)[keyof typeof PATCH_MEDIA_TYPES]

/** Gives the patched object, decoded and checked; leaves `current` as it is. Throws `StatusError`. */
export type Patch = (current: UnknownObject) => DecodedBody

/** Throws `StatusError`. Server-side apply is `managed-fields/apply-configuration.ts`. */
export function preparePatch(
  type: PatchType,
  body: Uint8Array,
  kind: BodyKind,
  fieldValidation: FieldValidation,
): Patch {
  throw internalError(`${type} ${kind.kind} ${fieldValidation} ${body.length}`)
}
