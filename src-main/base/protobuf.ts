/**
 * A small protobuf (proto3) codec over message descriptions that TypeScript reads types from. 64-bit integers are
 * `bigint`, so nanoseconds survive; fields that the description does not name are skipped; absent scalars take proto3's
 * defaults, absent messages are `undefined`. A full protobuf library costs each node several megabytes for the same.
 */

import { decodeText, expectWire, ProtobufError, ProtobufReader, WIRE_BYTES, WIRE_VARINT } from './protobuf-reader.ts'

type ScalarType = 'string' | 'bytes' | 'bool' | 'int32' | 'uint32' | 'int64' | 'uint64'

export interface MessageType<F extends FieldMap = FieldMap> {
  readonly kind: 'message'
  readonly name: string
  readonly fields: F
}

export interface EnumType<Name extends string = string> {
  readonly kind: 'enum'
  /** Index is the number on the wire. */
  readonly names: readonly Name[]
}

type SingleType = ScalarType | MessageType | EnumType
export interface RepeatedType<T extends SingleType = SingleType> {
  readonly kind: 'repeated'
  readonly of: T
}
/** `map<string, string>`, the only map in CRI. */
export interface StringMapType {
  readonly kind: 'string-map'
}
type FieldType = SingleType | RepeatedType | StringMapType
export type FieldMap = { readonly [field: string]: readonly [fieldNumber: number, type: FieldType] }

type ScalarValue<T extends ScalarType> = T extends 'string'
  ? string
  : T extends 'bytes'
    ? Uint8Array
    : T extends 'bool'
      ? boolean
      : T extends 'int32' | 'uint32'
        ? number
        : bigint

type ValueOf<T> = T extends ScalarType
  ? ScalarValue<T>
  : T extends EnumType<infer Name>
    ? Name
    : T extends MessageType<infer F>
      ? Decoded<F>
      : T extends RepeatedType<infer Of>
        ? ValueOf<Of>[]
        : T extends StringMapType
          ? Record<string, string>
          : never

/** A decoded message: every field is there; a message that was absent is `undefined`. */
type Decoded<F extends FieldMap> = {
  -readonly [K in keyof F]: F[K][1] extends MessageType ? ValueOf<F[K][1]> | undefined : ValueOf<F[K][1]>
}
export type DecodedMessage<M> = M extends MessageType<infer F> ? Decoded<F> : never

type Encodable<T> =
  T extends MessageType<infer F>
    ? EncodableFields<F>
    : T extends RepeatedType<infer Of>
      ? readonly Encodable<Of>[]
      : ValueOf<T>
type EncodableFields<F extends FieldMap> = { readonly [K in keyof F]?: Encodable<F[K][1]> | undefined }
/** What may be encoded: any field may be left out. */
export type EncodableMessage<M> = M extends MessageType<infer F> ? EncodableFields<F> : never

export function message<const F extends FieldMap>(name: string, fields: F): MessageType<F> {
  return { kind: 'message', name, fields }
}
export function enumeration<const Name extends string>(...names: Name[]): EnumType<Name> {
  return { kind: 'enum', names }
}
export function repeated<const T extends SingleType>(of: T): RepeatedType<T> {
  return { kind: 'repeated', of }
}
export const stringMap: StringMapType = { kind: 'string-map' }

export function encode<M extends MessageType>(type: M, value: EncodableMessage<M>): Buffer {
  const parts: Buffer[] = []
  writeFields(type, value as Record<string, unknown>, parts)
  return Buffer.concat(parts)
}

/** @throws ProtobufError */
export function decode<M extends MessageType>(type: M, bytes: Uint8Array): DecodedMessage<M> {
  return readMessage(type, new ProtobufReader(bytes, ''), '') as DecodedMessage<M>
}

// Writing.

function varint(value: bigint): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, value)
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}

function pushTagged(parts: Buffer[], fieldNumber: number, wire: number, ...content: Buffer[]): void {
  parts.push(varint(BigInt((fieldNumber << 3) | wire)), ...content)
}

function pushBytes(parts: Buffer[], fieldNumber: number, content: Buffer): void {
  pushTagged(parts, fieldNumber, WIRE_BYTES, varint(BigInt(content.length)), content)
}

function writeFields(type: MessageType, value: Record<string, unknown>, parts: Buffer[]): void {
  for (const [name, [fieldNumber, fieldType]] of Object.entries(type.fields)) {
    const item = value[name]
    if (item === undefined) continue
    if (typeof fieldType === 'string' || fieldType.kind === 'enum' || fieldType.kind === 'message')
      writeSingle(fieldNumber, fieldType, item, parts, false)
    else if (fieldType.kind === 'repeated') writeRepeated(fieldNumber, fieldType.of, item as unknown[], parts)
    else
      for (const [key, text] of Object.entries(item as Record<string, string>)) {
        const entry: Buffer[] = []
        pushBytes(entry, 1, Buffer.from(key))
        pushBytes(entry, 2, Buffer.from(text))
        pushBytes(parts, fieldNumber, Buffer.concat(entry))
      }
  }
}

function writeRepeated(fieldNumber: number, type: SingleType, items: unknown[], parts: Buffer[]): void {
  if (items.length === 0) return
  if (isPackable(type)) pushBytes(parts, fieldNumber, Buffer.concat(items.map((item) => varint(toInteger(type, item)))))
  else for (const item of items) writeSingle(fieldNumber, type, item, parts, true)
}

function writeSingle(fieldNumber: number, type: SingleType, item: unknown, parts: Buffer[], always: boolean): void {
  if (type === 'string' || type === 'bytes') {
    const content = type === 'string' ? Buffer.from(item as string) : Buffer.from(item as Uint8Array)
    if (always || content.length > 0) pushBytes(parts, fieldNumber, content)
  } else if (typeof type !== 'string' && type.kind === 'message') {
    const inner: Buffer[] = []
    writeFields(type, item as Record<string, unknown>, inner)
    pushBytes(parts, fieldNumber, Buffer.concat(inner))
  } else {
    const integer = toInteger(type, item)
    if (always || integer !== 0n) pushTagged(parts, fieldNumber, WIRE_VARINT, varint(integer))
  }
}

type VarintType = Exclude<ScalarType, 'string' | 'bytes'> | EnumType

/** Numbers may stand in a row in one field; proto3 writes them so. */
function isPackable(type: SingleType): type is VarintType {
  return typeof type === 'string' ? type !== 'string' && type !== 'bytes' : type.kind === 'enum'
}

function toInteger(type: VarintType, item: unknown): bigint {
  if (typeof type !== 'string') {
    const index = type.names.indexOf(item as string)
    if (index < 0) throw new ProtobufError('', `${String(item)} is not one of ${type.names.join(', ')}`)
    return BigInt(index)
  }
  if (type === 'bool') return item === true ? 1n : 0n
  return BigInt(item as bigint | number)
}

// Reading.

function defaultOf(type: FieldType): unknown {
  if (typeof type !== 'string')
    switch (type.kind) {
      case 'message':
        return undefined
      case 'enum':
        return type.names[0]
      case 'repeated':
        return []
      case 'string-map':
        return {}
    }
  switch (type) {
    case 'string':
      return ''
    case 'bytes':
      return new Uint8Array()
    case 'bool':
      return false
    case 'int32':
    case 'uint32':
      return 0
    case 'int64':
    case 'uint64':
      return 0n
  }
}

function readMessage(type: MessageType, reader: ProtobufReader, path: string): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  const byNumber = new Map<number, [string, FieldType]>()
  for (const [name, [fieldNumber, fieldType]] of Object.entries(type.fields)) {
    value[name] = defaultOf(fieldType)
    byNumber.set(fieldNumber, [name, fieldType])
  }
  while (!reader.done) {
    const tag = Number(reader.varint())
    const wire = tag & 7
    const field = byNumber.get(tag >>> 3)
    if (field === undefined) {
      reader.skip(wire)
      continue
    }
    const [name, fieldType] = field
    const fieldPath = path === '' ? name : `${path}.${name}`
    if (typeof fieldType !== 'string' && fieldType.kind === 'repeated')
      readRepeated(fieldType.of, reader, wire, fieldPath, value[name] as unknown[])
    else if (typeof fieldType !== 'string' && fieldType.kind === 'string-map')
      readMapEntry(reader, wire, fieldPath, value[name] as Record<string, string>)
    else value[name] = readSingle(fieldType, reader, wire, fieldPath)
  }
  return value
}

function readRepeated(type: SingleType, reader: ProtobufReader, wire: number, path: string, items: unknown[]): void {
  if (isPackable(type) && wire === WIRE_BYTES) {
    const packed = new ProtobufReader(reader.bytes(), path)
    while (!packed.done) items.push(readSingle(type, packed, WIRE_VARINT, path))
  } else items.push(readSingle(type, reader, wire, `${path}[${items.length}]`))
}

const MAP_ENTRY = message('MapEntry', { key: [1, 'string'], value: [2, 'string'] })

function readMapEntry(reader: ProtobufReader, wire: number, path: string, target: Record<string, string>): void {
  expectWire(wire, WIRE_BYTES, path)
  const entry = decodeAt(MAP_ENTRY, reader.bytes(), path) as { key: string; value: string }
  Object.defineProperty(target, entry.key, { value: entry.value, enumerable: true, configurable: true, writable: true })
}

function decodeAt(type: MessageType, bytes: Uint8Array, path: string): Record<string, unknown> {
  return readMessage(type, new ProtobufReader(bytes, path), path)
}

function readSingle(type: SingleType, reader: ProtobufReader, wire: number, path: string): unknown {
  if (typeof type !== 'string') {
    if (type.kind === 'message') {
      expectWire(wire, WIRE_BYTES, path)
      return decodeAt(type, reader.bytes(), path)
    }
    expectWire(wire, WIRE_VARINT, path)
    const index = reader.varint()
    const name = index < BigInt(type.names.length) ? type.names[Number(index)] : undefined
    if (name === undefined) throw new ProtobufError(path, `${index} is not one of ${type.names.join(', ')}`)
    return name
  }
  expectWire(wire, type === 'string' || type === 'bytes' ? WIRE_BYTES : WIRE_VARINT, path)
  switch (type) {
    case 'string':
      return decodeText(reader.bytes(), path)
    case 'bytes':
      return Uint8Array.from(reader.bytes())
    case 'bool':
      return reader.varint() !== 0n
    case 'int32':
      return Number(BigInt.asIntN(32, reader.varint()))
    case 'uint32':
      return Number(BigInt.asUintN(32, reader.varint()))
    case 'int64':
      return BigInt.asIntN(64, reader.varint())
    case 'uint64':
      return BigInt.asUintN(64, reader.varint())
  }
}
