/** Request bodies as typed objects: JSON or YAML, checked against the kind's schema (facts 8.2.2). */
import { groupVersion, type GroupVersionKind, type UnknownObject } from '../../../common/api/api-object.ts'
import type { ObjectSchema } from '../../../common/api/field-schema.ts'
import { isKubernetesKind } from '../../../common/manifest/known-kinds.ts'
import { badRequest } from '../../../kube/status-error.ts'
import { decodeValue } from './decode-value.ts'
import { parseJSON, parseYAML } from './parse-body.ts'
import { strictDecodingMessage } from './strict-faults.ts'

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
  const text = UTF8.decode(body)
  const parsed = mediaType === 'application/json' ? parseJSON(text) : parseYAML(text)
  if (!parsed.ok) {
    const message =
      mediaType === 'application/json'
        ? `couldn't get version/kind; json parse error: ${parsed.message}`
        : parsed.message
    throw unrecognized(kind, message, body)
  }
  const { value, duplicates } = parsed
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const found = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
    throw unrecognized(
      kind,
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${found} into Go value of type struct`,
      body,
    )
  }
  const claimed = checkKind(value as Record<string, unknown>, kind, body)
  return decodeObject(value, duplicates, kind, fieldValidation, (message) => unfit(claimed, kind, message))
}

/**
 * The rest of decoding: plain data by schema. `faults` are what is wrong with the text already; `refuse` words a wrong
 * type, and what Strict does not let pass.
 */
export function decodeObject(
  value: unknown,
  faults: readonly string[],
  kind: BodyKind,
  fieldValidation: FieldValidation,
  refuse: (message: string) => Error,
): DecodedBody {
  const decoded = decodeValue(value, kind.schema)
  if (!decoded.ok) throw refuse(decoded.message)
  const unknown = decoded.unknown.map((path) => `unknown field ${JSON.stringify(path)}`)
  const all = fieldValidation === 'Ignore' ? [] : [...faults, ...unknown]
  if (fieldValidation === 'Strict' && all.length > 0) throw refuse(strictDecodingMessage(all))
  // The schema has metadata, so that the shape is an object's.
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = decoded.value as UnknownObject
  return { object: { apiVersion: groupVersion(kind), kind: kind.kind, ...rest } as UnknownObject, warnings: all }
}

/** Bytes that are no UTF-8 become replacement characters, as in Go. */
const UTF8 = new TextDecoder()

/** Missing names are the endpoint's own. Throws when the body says that it is something else. */
function checkKind(value: Record<string, unknown>, kind: BodyKind, body: Uint8Array): GroupVersionKind {
  const said = { apiVersion: groupVersion(kind), kind: kind.kind }
  for (const field of ['apiVersion', 'kind'] as const) {
    const given = Object.hasOwn(value, field) ? value[field] : undefined
    if (given === undefined || given === null || given === '') continue
    if (typeof given !== 'string') {
      const found = Array.isArray(given) ? 'array' : typeof given === 'boolean' ? 'bool' : typeof given
      const message = `couldn't get version/kind; json parse error: json: cannot unmarshal ${found} into Go struct field .${field} of type string`
      throw unrecognized(kind, message, body)
    }
    said[field] = given
  }
  const parts = said.apiVersion.split('/')
  if (parts.length > 2) throw unrecognized(kind, `unexpected GroupVersion string: ${said.apiVersion}`, body)
  const claimed = { group: parts.length === 2 ? (parts[0] ?? '') : '', version: parts.at(-1) ?? '', kind: said.kind }
  if (said.kind === kind.kind && said.apiVersion === groupVersion(kind)) return claimed
  if (!isKubernetesKind(said.apiVersion, said.kind)) {
    const message = `no kind ${JSON.stringify(said.kind)} is registered for version ${JSON.stringify(said.apiVersion)} in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"`
    throw unfit(claimed, kind, message)
  }
  if (said.kind === kind.kind) {
    const expected = groupVersion(kind)
    throw badRequest(
      `the API version in the data (${said.apiVersion}) does not match the expected API version (${expected})`,
    )
  }
  const from = `${claimed.version}.${claimed.kind}`
  const to = `${kind.group === '' ? 'core' : (kind.group.split('.')[0] ?? '')}.${kind.kind}`
  throw unfit(claimed, kind, `converting (${from}) to (${to}): unknown conversion`)
}

function unfit(claimed: GroupVersionKind, kind: BodyKind, message: string): Error {
  return badRequest(`${claimed.kind} in version "${claimed.version}" cannot be handled as a ${kind.kind}: ${message}`)
}

/** A refusal shows the beginning of the body: as text when it looks like JSON, else as hexadecimal digits. */
function unrecognized(kind: BodyKind, message: string, body: Uint8Array): Error {
  const start = body.subarray(0, MAX_SHOWN_BYTES)
  const shown = body[0] === 0x7b ? UTF8.decode(start) : Buffer.from(start).toString('hex')
  const summary = body.length === 0 ? '<empty>' : body.length > MAX_SHOWN_BYTES ? `${shown} ...` : shown
  return badRequest(`the object provided is unrecognized (must be of type ${kind.kind}): ${message} (${summary})`)
}

const MAX_SHOWN_BYTES = 30
