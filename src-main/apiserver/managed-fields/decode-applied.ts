/** The body of a server-side apply: a part of an object, as YAML or JSON. */
import { groupVersion, type UnknownObject } from '../../common/api/api-object.ts'
import type { ArraySchema, FieldSchema } from '../../common/api/field-schema.ts'
import { badRequest } from '../../kube/status-error.ts'
import { unexplained } from '../patch/patch-failure.ts'
import type { BodyKind, DecodedBody, FieldValidation } from '../serialization/json/decode-body.ts'
import { decodeValue } from '../serialization/json/decode-value.ts'
import { parseYAML } from '../serialization/json/parse-body.ts'
import { getMember, isRecord } from '../serialization/json/set-member.ts'
import { printStep } from './field-set.ts'
import { itemStep, memberSchema } from './field-structure.ts'

export const APPLY_MEDIA_TYPE = 'application/apply-patch+yaml'

/**
 * Decodes what is to be applied: only what it says, nothing is filled. Unknown fields are always refused, as upstream does,
 * since nobody could own them. Throws `StatusError`.
 */
export function decodeApplied(body: Uint8Array, kind: BodyKind, fieldValidation: FieldValidation): DecodedBody {
  const parsed = parseYAML(new TextDecoder().decode(body))
  if (!parsed.ok) throw badRequest(`error decoding YAML: ${parsed.message}`)
  const { value, duplicates } = parsed
  if (!isRecord(value)) throw badRequest('error decoding YAML: the configuration is no object')
  if (fieldValidation === 'Strict' && duplicates.length > 0)
    throw badRequest(`error strict decoding YAML: ${duplicates.join(', ')}`)
  checkVersion(value, kind)
  const decoded = decodeValue(value, kind.schema, 'partial')
  const metadata = isRecord(value['metadata']) ? value['metadata'] : {}
  const { namespace = '', name = '' } = metadata
  const refuse = (why: string) =>
    unexplained(
      `failed to create typed patch object (${String(namespace)}/${String(name)}; ${groupVersion(kind)}, Kind=${kind.kind}): ${why}`,
    )
  if (!decoded.ok) throw refuse(decoded.message)
  if (decoded.unknown.length > 0) {
    const errors = decoded.unknown.map((path) => `${printOwnedPath(path, value, kind)}: field not declared in schema`)
    throw refuse(errors.length === 1 ? errors.join('') : `errors:\n${errors.map((error) => `  ${error}`).join('\n')}`)
  }
  const { managedFields } = metadata
  if (Array.isArray(managedFields) && managedFields.length > 0) throw badRequest('metadata.managedFields must be nil')
  // The schema has metadata; a configuration without any is completed here.
  const object = { ...decoded.value, apiVersion: groupVersion(kind), kind: kind.kind } as UnknownObject
  object.metadata = { ...object.metadata }
  return { object, warnings: fieldValidation === 'Warn' ? duplicates : [] }
}

/** `spec.containers[0].foo` as ownership names it: `.spec.containers[name="c"].foo`. */
function printOwnedPath(path: string, root: unknown, { schema: rootSchema }: BodyKind): string {
  let value: unknown = root
  let schema: FieldSchema | undefined = rootSchema
  const printed = [...path.matchAll(/[^.[\]]+/g)].map(([step]) => {
    if (schema?.type === 'array' && Array.isArray(value)) {
      const list: ArraySchema = schema
      value = value[Number(step)] as unknown
      schema = list.items
      return list.listType === undefined ? `[${step}]` : printStep(itemStep(value, list))
    }
    value = isRecord(value) ? getMember(value, step) : undefined
    schema = schema === undefined ? undefined : memberSchema(schema, step)
    return `.${step}`
  })
  return printed.join('')
}

function checkVersion(value: Record<string, unknown>, kind: BodyKind): void {
  const expected = groupVersion(kind)
  const { apiVersion } = value
  if (apiVersion !== expected) {
    const said = typeof apiVersion === 'string' ? apiVersion : ''
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${said}, expected: ${expected}`,
    )
  }
  if (value['kind'] !== kind.kind) {
    const said = typeof value['kind'] === 'string' ? value['kind'] : ''
    throw badRequest(`Incorrect kind specified in apply patch. Specified kind: ${said}, expected: ${kind.kind}`)
  }
}
