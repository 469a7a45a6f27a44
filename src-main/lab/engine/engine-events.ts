/** The engine's event stream: JSON objects, one after the other, from old and new engines alike. */
import type { EngineEvent } from './engine.ts'

interface EventMessage {
  Type?: string
  Action?: string
  status?: string
  id?: string
  Actor?: { ID?: string; Attributes?: Record<string, string> }
  time?: number
}

/** @returns `undefined` for what is no event (the engine may end a stream with an error object) */
export function parseEvent(line: string): EngineEvent | undefined {
  let message: EventMessage
  try {
    message = JSON.parse(line) as EventMessage
  } catch {
    // A broken line can only be the torn end of a closing stream; the reconnect that follows makes the caller list anew.
    return undefined
  }
  const action = message.Action ?? message.status
  const id = message.Actor?.ID ?? message.id
  if (action === undefined || id === undefined) return undefined
  return {
    type: message.Type ?? 'container',
    action,
    id,
    attributes: message.Actor?.Attributes ?? {},
    timeNano: timeNanoOf(line, message.time ?? 0),
  }
}

/** `timeNano` has more digits than a JSON number keeps, so it is read from the text. */
function timeNanoOf(line: string, seconds: number): bigint {
  const digits = /"timeNano":\s*(\d+)/.exec(line)?.[1]
  return digits === undefined ? BigInt(Math.trunc(seconds)) * 1_000_000_000n : BigInt(digits)
}

/** Cuts chunks into lines; engines write one event per line. */
export class LineSplitter {
  #rest = ''
  #decoder = new TextDecoder()
  readonly #onLine: (line: string) => void

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine
  }

  push(chunk: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') this.#onLine(line)
  }
}
