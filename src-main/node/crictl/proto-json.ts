/**
 * CRI's messages as protobuf's JSON has them: fields in the order of their description, defaults written out, 64-bit
 * integers as text, messages that are not there left out.
 */
import type { EncodableMessage, FieldMap, MessageType } from '../../base/protobuf.ts'

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }

export function toProtoJson<M extends MessageType>(type: M, value: EncodableMessage<M>): { [key: string]: JsonValue } {
  return convertMessage(type, value as Record<string, unknown>)
}

function convertMessage(type: MessageType, value: Record<string, unknown>): { [key: string]: JsonValue } {
  const result: { [key: string]: JsonValue } = {}
  for (const [name, [, fieldType]] of Object.entries(type.fields)) {
    const converted = convertField(fieldType, value[name])
    if (converted !== undefined) result[name] = converted
  }
  return result
}

function convertField(type: FieldMap[string][1], value: unknown): JsonValue | undefined {
  if (typeof type !== 'string')
    switch (type.kind) {
      case 'message':
        return value === undefined ? undefined : convertMessage(type, value as Record<string, unknown>)
      case 'enum':
        return (value as string | undefined) ?? type.names[0] ?? ''
      case 'repeated':
        return ((value ?? []) as unknown[]).map((item) => convertField(type.of, item) ?? null)
      case 'string-map':
        return { ...(value as Record<string, string> | undefined) }
    }
  switch (type) {
    case 'string':
      return (value as string | undefined) ?? ''
    case 'bool':
      return value === true
    case 'bytes':
      return Buffer.from((value as Uint8Array | undefined) ?? []).toString('base64')
    case 'int32':
    case 'uint32':
      return Number(value ?? 0)
    case 'int64':
    case 'uint64':
      return String(value ?? 0)
  }
}

/** As Go encodes maps: keys in alphabetical order, at every level. */
export function sortKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, item]): [string, JsonValue] => [key, sortKeys(item)])
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)))
}
