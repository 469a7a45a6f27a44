/** Single values, and the API's own notations that JSON writes as one value (facts of apimachinery's generated.proto). */
import { message, repeated, decode } from '../../../base/protobuf.ts'
import {
  decodeText,
  expectWire,
  ProtobufError,
  WIRE_BYTES,
  WIRE_VARINT,
  type ProtobufReader,
} from '../../../base/protobuf-reader.ts'
import type { ScalarName } from './parse-fields.ts'

const TIME = message('Time', { seconds: [1, 'int64'], nanos: [2, 'int32'] })
const QUANTITY = message('Quantity', { text: [1, 'string'] })
const INT_OR_STRING = message('IntOrString', { type: [1, 'int64'], integer: [2, 'int32'], text: [3, 'string'] })
const RAW = message('RawExtension', { raw: [1, 'bytes'] })
const STRINGS = message('ExtraValue', { items: [1, repeated('string')] })

/** Undefined: JSON has nothing for it. @throws ProtobufError */
export function decodeScalar(scalar: ScalarName, reader: ProtobufReader, wire: number, path: string): unknown {
  expectWire(wire, scalar === 'int' || scalar === 'bool' ? WIRE_VARINT : WIRE_BYTES, path)
  switch (scalar) {
    case 'int':
      return Number(BigInt.asIntN(64, reader.varint()))
    case 'bool':
      return reader.varint() !== 0n
    case 'string':
      return decodeText(reader.bytes(), path)
    case 'bytes':
      return Buffer.from(reader.bytes()).toString('base64')
    case 'quantity':
      return decode(QUANTITY, reader.bytes()).text
    case 'strings':
      return decode(STRINGS, reader.bytes()).items
    case 'intOrString': {
      const { type, integer, text } = decode(INT_OR_STRING, reader.bytes())
      return type === 0n ? integer : text
    }
    case 'time':
      return formatTime(reader.bytes(), 'seconds', path)
    case 'microTime':
      return formatTime(reader.bytes(), 'microseconds', path)
    case 'raw':
      return parseRaw(decode(RAW, reader.bytes()).raw, path)
  }
}

/** No time at all is an empty message. */
function formatTime(bytes: Uint8Array, precision: 'seconds' | 'microseconds', path: string): string | undefined {
  if (bytes.length === 0) return undefined
  const { seconds, nanos } = decode(TIME, bytes)
  const time = new Date(Number(seconds) * 1000)
  if (Number.isNaN(time.getTime())) throw new ProtobufError(path, 'the time is out of range')
  const text = time.toISOString().slice(0, -'.000Z'.length)
  return precision === 'seconds' ? `${text}Z` : `${text}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z`
}

function parseRaw(raw: Uint8Array, path: string): unknown {
  if (raw.length === 0) return undefined
  try {
    return JSON.parse(decodeText(raw, path)) as unknown
  } catch (error) {
    throw new ProtobufError(path, `no JSON: ${error instanceof Error ? error.message : ''}`)
  }
}
