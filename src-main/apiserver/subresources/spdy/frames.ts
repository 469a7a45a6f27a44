/** Frames of SPDY/3.1, as far as port forwarding uses them (specification 2.2 and 2.6). */

export type Frame =
  | { type: 'synStream'; streamId: number; isLast: boolean; block: Buffer }
  | { type: 'data'; streamId: number; isLast: boolean; content: Buffer }
  | { type: 'reset'; streamId: number }
  | { type: 'ping'; bytes: Buffer }
  | { type: 'goAway' }
  /** One of no consequence here: settings, windows, later headers. */
  | { type: 'other' }

const HEAD_BYTES = 8
const CONTROL = 0x80
const FIN = 0x01
const STREAM_ID_MASK = 0x7fffffff
/** A frame may say more; nobody's does. */
const MAX_FRAME_BYTES = 1024 * 1024
const SYN_STREAM = 1
const SYN_REPLY = 2
const RST_STREAM = 3
const PING = 6
const GO_AWAY = 7

/** Takes bytes as they come, gives frames when they are whole. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0)

  /** @throws Error for a frame that is too large */
  push(bytes: Uint8Array): Frame[] {
    this.#rest = Buffer.concat([this.#rest, bytes])
    const frames: Frame[] = []
    while (this.#rest.length >= HEAD_BYTES) {
      const length = this.#rest.readUIntBE(5, 3)
      if (length > MAX_FRAME_BYTES) throw new Error('a frame is too large')
      if (this.#rest.length < HEAD_BYTES + length) break
      frames.push(parseFrame(this.#rest.subarray(0, HEAD_BYTES + length)))
      this.#rest = this.#rest.subarray(HEAD_BYTES + length)
    }
    return frames
  }
}

function parseFrame(frame: Buffer): Frame {
  const [first = 0, , , , flags = 0] = frame
  const content = frame.subarray(HEAD_BYTES)
  const isLast = (flags & FIN) !== 0
  if ((first & CONTROL) === 0) return { type: 'data', streamId: frame.readUInt32BE(0), isLast, content }
  const streamId = content.length >= 4 ? content.readUInt32BE(0) & STREAM_ID_MASK : 0
  switch (frame.readUInt16BE(2)) {
    case SYN_STREAM:
      // The stream, the one that it belongs to, priority and slot stand before the headers.
      return { type: 'synStream', streamId, isLast, block: content.subarray(10) }
    case RST_STREAM:
      return { type: 'reset', streamId }
    case PING:
      return { type: 'ping', bytes: frame }
    case GO_AWAY:
      return { type: 'goAway' }
    default:
      return { type: 'other' }
  }
}

export function encodeData(streamId: number, content: Uint8Array, isLast: boolean): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt32BE(streamId, 0)
  head.writeUInt8(isLast ? FIN : 0, 4)
  head.writeUIntBE(content.length, 5, 3)
  return Buffer.concat([head, content])
}

export function encodeReply(streamId: number, block: Uint8Array): Buffer {
  const id = Buffer.alloc(4)
  id.writeUInt32BE(streamId)
  return encodeControl(SYN_REPLY, Buffer.concat([id, block]))
}

function encodeControl(type: number, content: Uint8Array): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt16BE(0x8003, 0)
  head.writeUInt16BE(type, 2)
  head.writeUIntBE(content.length, 5, 3)
  return Buffer.concat([head, content])
}
