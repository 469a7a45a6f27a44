/** PATCH bodies (facts 8.5.3): parsed once, applied to whatever stands there, again after a conflict. */
import type { UnknownObject } from '../../common/api/api-object.ts'
import { cloneData } from '../../common/defaults/clone.ts'
import { badRequest } from '../../kube/status-error.ts'
import {
  decodeObject,
  type BodyKind,
  type DecodedBody,
  type FieldValidation,
} from '../serialization/json/decode-body.ts'
import { parseJSON } from '../serialization/json/parse-body.ts'
import { isRecord, type PlainObject } from '../serialization/json/set-member.ts'
import { goPrint } from './go-print.ts'
import { applyJSONPatch, readJSONPatch } from './json-patch.ts'
import { mergePatch } from './merge-patch.ts'
import { invalidResult } from './patch-failure.ts'
import { strategicMergePatch } from './strategic-merge-patch.ts'

export const PATCH_MEDIA_TYPES = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
} as const

export type PatchType = (typeof PATCH_MEDIA_TYPES)[keyof typeof PATCH_MEDIA_TYPES]

/** Gives the patched object, decoded and checked; leaves `current` as it is. Throws `StatusError`. */
export type Patch = (current: UnknownObject) => DecodedBody

/** Throws `StatusError`. Server-side apply is `managed-fields/`. */
export function preparePatch(
  type: PatchType,
  body: Uint8Array,
  kind: BodyKind,
  fieldValidation: FieldValidation,
): Patch {
  const parsed = parseJSON(new TextDecoder().decode(body))
  if (!parsed.ok) throw badRequest(type === 'merge' ? `error decoding patch: ${parsed.message}` : parsed.message)
  const { value, duplicates } = parsed
  const finish = (patched: unknown, shown: string): DecodedBody =>
    decodeObject(patched, duplicates, kind, fieldValidation, (message) => invalidResult(shown, message))
  switch (type) {
    case 'json': {
      const operations = readJSONPatch(value)
      return (current) => {
        const patched = cloneData(current)
        applyJSONPatch(patched, operations)
        return finish(patched, JSON.stringify(patched))
      }
    }
    case 'merge': {
      const patch = requireObject(value, 'error decoding patch: ')
      return (current) => {
        const patched = mergePatch(current, patch)
        return finish(patched, JSON.stringify(patched))
      }
    }
    case 'strategic': {
      const patch = requireObject(value, '')
      return (current) => finish(strategicMergePatch(current, patch, kind.schema), goPrint(patch))
    }
  }
}

function requireObject(value: unknown, prefix: string): PlainObject {
  if (isRecord(value)) return value
  const found = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
  throw badRequest(`${prefix}json: cannot unmarshal ${found} into Go value of type map[string]interface {}`)
}
