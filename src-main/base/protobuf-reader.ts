/** The wire format of protobuf, read piece by piece: for messages that are described, and for those that a table names. */

export const WIRE_VARINT = 0
const WIRE_FIXED64 = 1
export const WIRE_BYTES = 2
const WIRE_FIXED32 = 5

/** The bytes are not a message of this type; `field` is the path of the field at fault. */
export class ProtobufError extends Error {
  readonly field: string

  constructor(field: string, problem: string) {
    super(field === '' ? problem : `${field}: ${problem}`)
    this.name = 'ProtobufError'
    this.field = field
  }
}

/** Reads one message from its first byte to its last. `path` names it in errors. */
export class ProtobufReader {
  readonly #bytes: Uint8Array
  readonly #path: string
  #at = 0

  constructor(bytes: Uint8Array, path: string) {
    this.#bytes = bytes
    this.#path = path
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length
  }

  varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new ProtobufError(this.#path, 'the message ends in the middle of a number')
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
    throw new ProtobufError(this.#path, 'a number is longer than ten bytes')
  }

  bytes(): Uint8Array {
    const length = this.varint()
    if (length > BigInt(this.#bytes.length - this.#at))
      throw new ProtobufError(this.#path, 'a field is longer than its message')
    const start = this.#at
    this.#at += Number(length)
    return this.#bytes.subarray(start, this.#at)
  }

  skip(wire: number): void {
    switch (wire) {
      case WIRE_VARINT:
        this.varint()
        return
      case WIRE_BYTES:
        this.bytes()
        return
      case WIRE_FIXED64:
      case WIRE_FIXED32:
        this.#at += wire === WIRE_FIXED64 ? 8 : 4
        if (this.#at > this.#bytes.length)
          throw new ProtobufError(this.#path, 'the message ends in the middle of a field')
        return
      default:
        throw new ProtobufError(this.#path, `wire type ${wire} is not known`)
    }
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** @throws ProtobufError */
export function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return utf8.decode(bytes)
  } catch {
    // The decoder's one failure: proto3 strings have to be UTF-8.
    throw new ProtobufError(path, 'the text is not UTF-8')
  }
}

/** @throws ProtobufError when the field is written in another way than its type is */
export function expectWire(wire: number, expected: number, path: string): void {
  if (wire !== expected) throw new ProtobufError(path, `wire type ${wire} where ${expected} belongs`)
}
