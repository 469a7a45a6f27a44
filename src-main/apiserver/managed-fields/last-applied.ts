/** The annotation of kubectl's client-side apply, and how its server-side apply takes over from it. */
import type { UnknownObject } from '../../common/api/api-object.ts'
import type { BodyKind } from '../serialization/json/decode-body.ts'
import { decodeValue } from '../serialization/json/decode-value.ts'
import { parseJSON } from '../serialization/json/parse-body.ts'
import { compareValues, fieldsOf } from './compute-field-sets.ts'
import { difference, FieldSet, union } from './field-set.ts'

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration'
/** Larger annotations are not written, as upstream. */
const MAX_ANNOTATION_CHARACTERS = 256 * 1024

export function hasLastApplied(object: UnknownObject): boolean {
  return (object.metadata.annotations?.[ANNOTATION] ?? '') !== ''
}

/** Fields that were last applied by the client and are still so: kubectl may take them over without force. */
export function ownedByLastApplied(live: UnknownObject, kind: BodyKind): FieldSet {
  const parsed = parseJSON(live.metadata.annotations?.[ANNOTATION] ?? '')
  const decoded = parsed.ok ? decodeValue(parsed.value, kind.schema, 'partial') : undefined
  if (decoded?.ok !== true) return new FieldSet()
  const { added, modified, removed } = compareValues(decoded.value, live, kind.schema)
  return difference(fieldsOf(decoded.value, kind.schema), union(union(added, modified), removed))
}

/** Keeps the annotation true, for those who still apply on the client's side. */
export function setLastApplied(object: UnknownObject, applied: UnknownObject): void {
  const { annotations: own = {}, ...metadata } = applied.metadata
  const { [ANNOTATION]: _previous, ...annotations } = own
  const text = `${JSON.stringify({ ...applied, metadata: { annotations, ...metadata } })}\n`
  object.metadata.annotations = { ...object.metadata.annotations }
  if (text.length > MAX_ANNOTATION_CHARACTERS) delete object.metadata.annotations[ANNOTATION]
  else object.metadata.annotations[ANNOTATION] = text
}
