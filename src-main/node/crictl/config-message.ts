/** Files that describe a pod or a container for `crictl runp`, `create` and `run`: CRI's messages, keys in snake case. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import {
  decode,
  encode,
  type DecodedMessage,
  type EncodableMessage,
  type FieldMap,
  type MessageType,
} from '../../base/protobuf.ts'
import { CrictlError } from './verb.ts'

/** JSON or YAML. Defaults are filled in. @throws CrictlError */
export function readMessageFile<M extends MessageType>(type: M, file: string): DecodedMessage<M> {
  let content: unknown
  try {
    content = parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new CrictlError(`config at ${file} not found`)
    throw new CrictlError(file, error)
  }
  return decode(type, encode(type, toMessage(type, content, '') as EncodableMessage<M>))
}

function toMessage(type: MessageType, content: unknown, path: string): Record<string, unknown> {
  if (content === null || typeof content !== 'object' || Array.isArray(content))
    throw new CrictlError(`${path || type.name} must hold keys and values`)
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(content)) {
    const name = key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    const field = type.fields[name]
    if (field !== undefined && value !== null)
      result[name] = toField(field[1], value, path === '' ? key : `${path}.${key}`)
  }
  return result
}

function toField(type: FieldMap[string][1], value: unknown, path: string): unknown {
  const wrong = (wanted: string): CrictlError =>
    new CrictlError(`${path} must be ${wanted}, not ${JSON.stringify(value)}`)
  if (typeof type !== 'string')
    switch (type.kind) {
      case 'message':
        return toMessage(type, value, path)
      case 'enum': {
        const name = typeof value === 'number' ? type.names[value] : type.names.find((known) => known === value)
        if (name === undefined) throw wrong(`one of ${type.names.join(', ')}`)
        return name
      }
      case 'repeated':
        if (!Array.isArray(value)) throw wrong('a list')
        return value.map((item, index) => toField(type.of, item, `${path}[${index}]`))
      case 'string-map':
        if (typeof value !== 'object' || value === null) throw wrong('keys and texts')
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]))
    }
  switch (type) {
    case 'string':
    case 'bytes':
      if (typeof value !== 'string') throw wrong('a text')
      return type === 'string' ? value : Buffer.from(value)
    case 'bool':
      if (typeof value !== 'boolean') throw wrong('true or false')
      return value
    case 'int32':
    case 'uint32':
    case 'int64':
    case 'uint64':
      if (!/^-?\d{1,19}$/.test(String(value))) throw wrong('a whole number')
      return BigInt(String(value))
  }
}
