/**
 * Reads a `KubeletConfiguration` file as upstream does (pkg/kubelet/kubeletconfig/util/codec): strictly at first; unknown
 * fields and doubled keys of v1beta1 are then forgiven with a line in the log; anything else is an error.
 */
import { parseDocument } from 'yaml'
import { CONFIGURATION_FIELDS, type FieldTable, type FieldType, type ScalarType } from './configuration-fields.ts'
import { parseGoDuration } from '../../common/api/duration.ts'
import { isMap, type KubeletConfiguration } from './kubelet-configuration.ts'

export interface DecodedConfiguration {
  configuration: KubeletConfiguration
  /** What strict decoding found, such as `unknown field "staticPodPat"`. */
  strictFaults: string[]
}

/** `message` is upstream's, without the path of the file. */
export class ConfigurationError extends Error {}

const API_VERSION = 'kubelet.config.k8s.io/v1beta1'

/** A drop-in: what it says, `null` included, for `mergeDropIns`; or what else it is. */
export type ConfigurationFragment =
  | { kind: 'fragment'; object: Record<string, unknown>; strictFaults: string[] }
  | { kind: 'foreign'; type: string }

/** What a look at the fields leaves behind, and whether a `null` counts as absent. */
interface Findings {
  strictFaults: string[]
  dropsNull: boolean
}

/** @throws ConfigurationError */
export function decodeConfiguration(text: string): DecodedConfiguration {
  const strictFaults: string[] = []
  try {
    const object = parseYaml(text, strictFaults)
    const { apiVersion, kind } = readTypeMeta(object, text)
    if (!isOurKind({ apiVersion, kind }))
      throw new ConfigurationError(
        `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`,
      )
    checkFields(object, CONFIGURATION_FIELDS, '', { strictFaults, dropsNull: true })
    return { configuration: object as KubeletConfiguration, strictFaults }
  } catch (error) {
    throw error instanceof ConfigurationError ? new ConfigurationError(`failed to decode: ${error.message}`) : error
  }
}

/** @throws ConfigurationError */
export function decodeFragment(text: string): ConfigurationFragment {
  const strictFaults: string[] = []
  const object = parseYaml(text, strictFaults)
  const type = readTypeMeta(object, text)
  if (!isOurKind(type)) return { kind: 'foreign', type: `${type.apiVersion}, Kind=${type.kind}` }
  checkFields(object, CONFIGURATION_FIELDS, '', { strictFaults, dropsNull: false })
  return { kind: 'fragment', object, strictFaults }
}

function parseYaml(text: string, strictFaults: string[]): Record<string, unknown> {
  const document = parseDocument(text, { version: '1.1', prettyErrors: false })
  for (const error of document.errors) {
    const line = text.slice(0, error.pos[0]).split('\n').length
    if (error.code === 'DUPLICATE_KEY')
      strictFaults.push(`yaml: unmarshal errors: line ${line}: key already set in map`)
    else if (error.code === 'MULTIPLE_DOCS') strictFaults.push(`line ${line}: further documents are ignored`)
    else throw new ConfigurationError(`yaml: line ${line}: ${error.message}`)
  }
  const value: unknown = document.toJS()
  if (!isMap(value))
    throw new ConfigurationError("couldn't get version/kind; json parse error: the file is not a mapping")
  return value
}

interface TypeMeta {
  apiVersion: string
  kind: string
}

function isOurKind({ apiVersion, kind }: TypeMeta): boolean {
  return kind === 'KubeletConfiguration' && apiVersion === API_VERSION
}

function readTypeMeta(object: Record<string, unknown>, text: string): TypeMeta {
  const { apiVersion, kind } = object
  if (kind === undefined || kind === null || kind === '')
    throw new ConfigurationError(`Object 'Kind' is missing in '${text}'`)
  if (apiVersion === undefined || apiVersion === null || apiVersion === '')
    throw new ConfigurationError(`Object 'apiVersion' is missing in '${text}'`)
  return { apiVersion: String(apiVersion), kind: String(kind) }
}

function checkFields(object: Record<string, unknown>, table: FieldTable, path: string, findings: Findings): void {
  for (const [name, value] of Object.entries(object)) {
    const fieldPath = path === '' ? name : `${path}.${name}`
    const field = Object.hasOwn(table, name) ? table[name] : undefined
    if (field === undefined) {
      findings.strictFaults.push(`unknown field ${JSON.stringify(fieldPath)}`)
      delete object[name]
    } else if (value !== null) checkValue(value, field, fieldPath, findings)
    else if (findings.dropsNull) delete object[name]
  }
}

function checkValue(value: unknown, field: FieldType, path: string, findings: Findings): void {
  switch (field.type) {
    case 'opaque':
      return
    case 'strings':
      if (!Array.isArray(value)) throw wrongType(value, path, '[]string')
      for (const item of value) if (typeof item !== 'string') throw wrongType(item, path, 'string')
      return
    case 'map':
      if (!isMap(value)) throw wrongType(value, path, `map[string]${field.of}`)
      for (const item of Object.values(value)) checkMember(item, field.of, path, findings)
      return
    case 'multimap':
      if (!isMap(value)) throw wrongType(value, path, 'map[string][]string')
      for (const list of Object.values(value)) checkValue(list, { type: 'strings' }, path, findings)
      return
    case 'object':
      if (!isMap(value)) throw wrongType(value, path, 'struct')
      checkFields(value, field.fields, path, findings)
      return
    default:
      checkScalar(value, field.type, path)
  }
}

function checkMember(item: unknown, wanted: 'bool' | 'string', path: string, findings: Findings): void {
  // Takes the member away, where fragments are merged.
  if (item === null && !findings.dropsNull) return
  if (typeof item !== (wanted === 'bool' ? 'boolean' : 'string')) throw wrongType(item, path, wanted)
}

function checkScalar(value: unknown, type: ScalarType, path: string): void {
  switch (type) {
    case 'string':
      if (typeof value !== 'string') throw wrongType(value, path, 'string')
      return
    case 'bool':
      if (typeof value !== 'boolean') throw wrongType(value, path, 'bool')
      return
    case 'float64':
      if (typeof value !== 'number') throw wrongType(value, path, type)
      return
    case 'int32':
    case 'int64':
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrongType(value, path, type)
      if (type === 'int32' && Math.abs(value) >= 2 ** 31) throw wrongType(value, path, type)
      return
    case 'duration':
      if (typeof value !== 'string') throw wrongType(value, path, 'string')
      if (parseGoDuration(value) === undefined)
        throw new ConfigurationError(`${path}: time: invalid duration ${JSON.stringify(value)}`)
  }
}

function wrongType(value: unknown, path: string, wanted: string): ConfigurationError {
  const given = Array.isArray(value)
    ? 'array'
    : isMap(value)
      ? 'object'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value
  return new ConfigurationError(
    `json: cannot unmarshal ${given} into Go struct field KubeletConfiguration.${path} of type ${wanted}`,
  )
}
