/**
 * Reads a `KubeletConfiguration` file as upstream does (pkg/kubelet/kubeletconfig/util/codec): strictly at first; unknown
 * fields and doubled keys of v1beta1 are then forgiven with a line in the log; anything else is an error.
 */
import { parseDocument } from 'yaml'
import { CONFIGURATION_FIELDS, type FieldTable, type FieldType, type ScalarType } from './configuration-fields.ts'
import { parseGoDuration } from './go-duration.ts'
import type { KubeletConfiguration } from './kubelet-configuration.ts'

export interface DecodedConfiguration {
  configuration: KubeletConfiguration
  /** What strict decoding found, such as `unknown field "staticPodPat"`. */
  strictFaults: string[]
}

/** `message` is upstream's, without the path of the file. */
export class ConfigurationError extends Error {}

const API_VERSION = 'kubelet.config.k8s.io/v1beta1'

/** @throws ConfigurationError */
export function decodeConfiguration(text: string): DecodedConfiguration {
  const strictFaults: string[] = []
  const object = parseYaml(text, strictFaults)
  checkTypeMeta(object, text)
  checkFields(object, CONFIGURATION_FIELDS, '', strictFaults)
  return { configuration: object as KubeletConfiguration, strictFaults }
}

function parseYaml(text: string, strictFaults: string[]): Record<string, unknown> {
  const document = parseDocument(text, { version: '1.1', prettyErrors: false })
  for (const error of document.errors) {
    const line = text.slice(0, error.pos[0]).split('\n').length
    if (error.code === 'DUPLICATE_KEY')
      strictFaults.push(`yaml: unmarshal errors: line ${line}: key already set in map`)
    else if (error.code === 'MULTIPLE_DOCS') strictFaults.push(`line ${line}: further documents are ignored`)
    else throw decodeFailure(`yaml: line ${line}: ${error.message}`)
  }
  const value: unknown = document.toJS()
  if (!isRecord(value)) throw decodeFailure("couldn't get version/kind; json parse error: the file is not a mapping")
  return value
}

function checkTypeMeta(object: Record<string, unknown>, text: string): void {
  const { apiVersion, kind } = object
  if (kind === undefined || kind === null || kind === '') throw decodeFailure(`Object 'Kind' is missing in '${text}'`)
  if (apiVersion === undefined || apiVersion === null || apiVersion === '')
    throw decodeFailure(`Object 'apiVersion' is missing in '${text}'`)
  if (kind !== 'KubeletConfiguration' || apiVersion !== API_VERSION)
    throw decodeFailure(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`)
}

function checkFields(object: Record<string, unknown>, table: FieldTable, path: string, strictFaults: string[]): void {
  for (const [name, value] of Object.entries(object)) {
    const fieldPath = path === '' ? name : `${path}.${name}`
    const field = Object.hasOwn(table, name) ? table[name] : undefined
    if (field === undefined) {
      strictFaults.push(`unknown field ${JSON.stringify(fieldPath)}`)
      delete object[name]
    } else if (value === null) delete object[name]
    else checkValue(value, field, fieldPath, strictFaults)
  }
}

function checkValue(value: unknown, field: FieldType, path: string, strictFaults: string[]): void {
  switch (field.type) {
    case 'opaque':
      return
    case 'strings':
      if (!Array.isArray(value)) throw wrongType(value, path, '[]string')
      for (const item of value) if (typeof item !== 'string') throw wrongType(item, path, 'string')
      return
    case 'map':
      if (!isRecord(value)) throw wrongType(value, path, `map[string]${field.of}`)
      for (const item of Object.values(value))
        if (typeof item !== (field.of === 'bool' ? 'boolean' : 'string')) throw wrongType(item, path, field.of)
      return
    case 'object':
      if (!isRecord(value)) throw wrongType(value, path, 'struct')
      checkFields(value, field.fields, path, strictFaults)
      return
    default:
      checkScalar(value, field.type, path)
  }
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
        throw decodeFailure(`${path}: time: invalid duration ${JSON.stringify(value)}`)
  }
}

function wrongType(value: unknown, path: string, wanted: string): ConfigurationError {
  const given = Array.isArray(value)
    ? 'array'
    : isRecord(value)
      ? 'object'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value
  return decodeFailure(
    `json: cannot unmarshal ${given} into Go struct field KubeletConfiguration.${path} of type ${wanted}`,
  )
}

function decodeFailure(message: string): ConfigurationError {
  return new ConfigurationError(`failed to decode: ${message}`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
