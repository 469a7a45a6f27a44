/** The few bytes of gRPC that a health check needs: one message each way (grpc.health.v1.Health/Check). */

export const HEALTH_CHECK_PATH = '/grpc.health.v1.Health/Check'

const SERVING_STATUSES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const
/** In the order of their numbers. */
const STATUS_NAMES = [
  'OK',
  'Canceled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
] as const
export type GRPCStatusName = (typeof STATUS_NAMES)[number] | `Code(${number})`

const PREFIX_BYTES = 5
const VARINT = 0
const LENGTH_DELIMITED = 2

/** `HealthCheckRequest` in its frame. */
export function encodeHealthCheck(service: string): Buffer {
  const name = Buffer.from(service, 'utf8')
  const message = name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a]), encodeVarint(name.length), name])
  const prefix = Buffer.alloc(PREFIX_BYTES)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}

/** The `status` of a framed `HealthCheckResponse`; `undefined`: it is none. */
export function decodeServingStatus(frame: Buffer): string | undefined {
  if (frame.length < PREFIX_BYTES || frame[0] !== 0) return undefined
  const message = frame.subarray(PREFIX_BYTES)
  if (message.length !== frame.readUInt32BE(1)) return undefined
  let status = 0
  let offset = 0
  while (offset < message.length) {
    const tag = readVarint(message, offset)
    if (tag === undefined) return undefined
    const value = readVarint(message, tag.end)
    if (value === undefined) return undefined
    offset = value.end
    // Fields of later versions are passed over.
    if ((tag.value & 7) === LENGTH_DELIMITED) offset += value.value
    else if ((tag.value & 7) !== VARINT) return undefined
    else if (tag.value >> 3 === 1) status = value.value
  }
  return SERVING_STATUSES[status] ?? String(status)
}

/** As Go prints a status code. */
export function statusName(code: number): GRPCStatusName {
  return STATUS_NAMES[code] ?? `Code(${code})`
}

/** `grpc-message` is percent-encoded; what is not stays as it is. */
export function decodeStatusMessage(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A stray percent sign: the server did not encode it.
    return text
  }
}

function encodeVarint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  return Buffer.from([...bytes, rest])
}

/** Of up to 32 bits. */
function readVarint(bytes: Buffer, start: number): { value: number; end: number } | undefined {
  let value = 0
  for (let index = 0; index < 5; index++) {
    const byte = bytes[start + index]
    if (byte === undefined) return undefined
    value |= (byte & 0x7f) << (7 * index)
    if (byte < 0x80) return { value: value >>> 0, end: start + index + 1 }
  }
  return undefined
}
