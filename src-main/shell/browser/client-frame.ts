/** Reads what a client of the bridge sent. Content of calls is the backend's to check; here it is only the envelope. */
import type { ClientFrame } from '../../common/ipc/frames.ts'

export type ParsedFrame = { ok: true; frame: ClientFrame } | { ok: false; reason: string }

/** `reason` is short enough for a WebSocket close frame (123 bytes). */
export function parseClientFrame(text: string): ParsedFrame {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // What exactly JSON disliked would not fit into a close frame, and our own client always sends JSON.
    return malformed('a frame is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return malformed('a frame is not an object')
  const { id, type, name, parameters } = value as Record<string, unknown>
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0)
    return malformed('a frame has no id (an integer from 0)')
  switch (type) {
    case 'call':
    case 'open':
      if (typeof name !== 'string') return malformed(`a frame of type ${type} has no name`)
      return { ok: true, frame: { id, type, name, parameters } }
    case 'taken':
    case 'close':
      return { ok: true, frame: { id, type } }
    default:
      return malformed('a frame has no known type (call, open, taken, close)')
  }
}

function malformed(reason: string): ParsedFrame {
  return { ok: false, reason: `Malformed: ${reason}.` }
}
