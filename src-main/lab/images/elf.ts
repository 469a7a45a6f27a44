/** What we need of ELF files (64 bit, little endian): which libraries a program needs, and a program without its symbols. */

const PROGRAM_LOAD = 1
const PROGRAM_DYNAMIC = 2
const PROGRAM_INTERPRETER = 3
const DYNAMIC_NEEDED = 1n
const DYNAMIC_STRING_TABLE = 5n

interface Segment {
  type: number
  offset: number
  address: number
  size: number
}

export function isElf(content: Uint8Array): boolean {
  // Magic, then class 2 (64 bit) and data 1 (little endian).
  return (
    content.length > 64 &&
    Buffer.from(content.buffer, content.byteOffset, 6).equals(Buffer.from('\x7fELF\x02\x01', 'latin1'))
  )
}

function segmentsOf(file: Buffer): Segment[] {
  const offset = Number(file.readBigUInt64LE(32))
  const size = file.readUInt16LE(54)
  const count = file.readUInt16LE(56)
  return Array.from({ length: count }, (_unused, index) => {
    const at = offset + index * size
    return {
      type: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 8)),
      address: Number(file.readBigUInt64LE(at + 16)),
      size: Number(file.readBigUInt64LE(at + 32)),
    }
  })
}

function textAt(file: Buffer, offset: number): string {
  const end = file.indexOf(0, offset)
  return file.toString('latin1', offset, end < 0 ? file.length : end)
}

/** Names of the shared libraries (`NEEDED`) and, as a path, the program interpreter. */
export function readElfNeeds(content: Uint8Array): { libraries: string[]; interpreter: string | undefined } {
  const file = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  if (!isElf(file)) return { libraries: [], interpreter: undefined }
  const segments = segmentsOf(file)
  const interpreterSegment = segments.find(({ type }) => type === PROGRAM_INTERPRETER)
  const interpreter = interpreterSegment === undefined ? undefined : textAt(file, interpreterSegment.offset)
  const dynamic = segments.find(({ type }) => type === PROGRAM_DYNAMIC)
  if (dynamic === undefined) return { libraries: [], interpreter }
  const names: number[] = []
  let strings = 0
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    const tag = file.readBigInt64LE(at)
    const value = Number(file.readBigUInt64LE(at + 8))
    if (tag === DYNAMIC_NEEDED) names.push(value)
    if (tag === DYNAMIC_STRING_TABLE) strings = value
  }
  // The string table is named by its address; the segment that is loaded there says where that is in the file.
  const home = segments.find(
    ({ type, address, size }) => type === PROGRAM_LOAD && strings >= address && strings < address + size,
  )
  if (home === undefined) return { libraries: [], interpreter }
  const base = strings - home.address + home.offset
  return { libraries: names.map((name) => textAt(file, base + name)), interpreter }
}

/**
 * The program without section headers and what only they describe (symbols, debug information): what lies behind the
 * last segment is cut off. Programs run the same; debuggers see less.
 */
export function stripElf(content: Uint8Array): Uint8Array {
  const file = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  if (!isElf(file)) return content
  const end = Math.max(...segmentsOf(file).map(({ offset, size }) => offset + size), 64)
  const stripped = Buffer.from(file.subarray(0, end))
  stripped.writeBigUInt64LE(0n, 40)
  stripped.writeUInt16LE(0, 60)
  stripped.writeUInt16LE(0, 62)
  return stripped
}
