/**
 * Messages of the API's types as the plain JSON data that upstream's types would write. Optional fields are on the wire
 * only when they are set, all others always: so a zero is left out exactly where upstream's JSON leaves it out. Fields that
 * the table does not know are dropped, as upstream drops them.
 */
import {
  decodeText,
  expectWire,
  ProtobufError,
  ProtobufReader,
  WIRE_BYTES,
  WIRE_VARINT,
} from '../../../base/protobuf-reader.ts'
import { setMember, type PlainObject } from '../json/set-member.ts'
import { decodeScalar } from './decode-scalar.ts'
import { fieldsOf, type FieldType, type MessageField } from './parse-fields.ts'

/** @param path of the message within the body, for errors. @throws ProtobufError */
export function decodeMessage(message: string, bytes: Uint8Array, path = ''): PlainObject {
  const fields = fieldsOf(message)
  if (fields === undefined) throw new ProtobufError(path, `there is no message ${message}`)
  const object: PlainObject = {}
  const reader = new ProtobufReader(bytes, path)
  while (!reader.done) {
    const tag = Number(reader.varint())
    const field = fields.get(tag >>> 3)
    if (field === undefined) reader.skip(tag & 7)
    else readField(object, field, reader, tag & 7, path)
  }
  return object
}

function readField(object: PlainObject, field: MessageField, reader: ProtobufReader, wire: number, path: string): void {
  const { member, type, shape, omitsZero } = field
  if (member === undefined) {
    expectWire(wire, WIRE_BYTES, path)
    if ('message' in type) Object.assign(object, decodeMessage(type.message, reader.bytes(), path))
    return
  }
  const fieldPath = path === '' ? member : `${path}.${member}`
  if (shape === 'map') return readMapEntry(memberOf<PlainObject>(object, member, {}), type, reader, wire, fieldPath)
  if (shape === 'list') return readListItems(memberOf<unknown[]>(object, member, []), type, reader, wire, fieldPath)
  const value = readValue(type, reader, wire, fieldPath)
  if (value === undefined || (omitsZero && isZero(value))) return
  setMember(object, member, value)
}

function memberOf<T>(object: PlainObject, member: string, empty: T): T {
  return (object[member] ??= empty) as T
}

function isZero(value: unknown): boolean {
  return value === '' || value === 0 || value === false || (Array.isArray(value) && value.length === 0)
}

function readListItems(items: unknown[], type: FieldType, reader: ProtobufReader, wire: number, path: string): void {
  const isNumber = 'scalar' in type && type.scalar === 'int'
  if (isNumber && wire === WIRE_BYTES) {
    const packed = new ProtobufReader(reader.bytes(), path)
    while (!packed.done) items.push(readValue(type, packed, WIRE_VARINT, path))
  } else items.push(readValue(type, reader, wire, `${path}[${items.length}]`))
}

function readMapEntry(map: PlainObject, type: FieldType, reader: ProtobufReader, wire: number, path: string): void {
  expectWire(wire, WIRE_BYTES, path)
  const entry = new ProtobufReader(reader.bytes(), path)
  let key = ''
  let value: unknown = ''
  while (!entry.done) {
    const tag = Number(entry.varint())
    if (tag >>> 3 === 1) key = decodeText(entry.bytes(), path)
    else if (tag >>> 3 === 2) value = readValue(type, entry, tag & 7, `${path}[${key}]`)
    else entry.skip(tag & 7)
  }
  setMember(map, key, value ?? null)
}

/** Undefined: JSON has nothing for it. */
function readValue(type: FieldType, reader: ProtobufReader, wire: number, path: string): unknown {
  if ('message' in type) {
    expectWire(wire, WIRE_BYTES, path)
    return decodeMessage(type.message, reader.bytes(), path)
  }
  return decodeScalar(type.scalar, reader, wire, path)
}
