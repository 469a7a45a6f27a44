/** The newest part of a terminal's output. Places in it are offsets, in UTF-16 code units, into all that was ever written. */

/** Small writes are joined up to this length, so that a screen full of single keys is not a list of single keys. */
const JOINED_LENGTH = 4096

export class Scrollback {
  readonly #capacity: number
  #parts: string[] = []
  #start = 0
  #end = 0

  /** @param capacity code units that are kept at most, give or take one write */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Offset after the last character. */
  get end(): number {
    return this.#end
  }

  append(text: string): void {
    if (text === '') return
    this.#end += text.length
    const last = this.#parts.at(-1)
    if (last !== undefined && last.length + text.length <= JOINED_LENGTH)
      this.#parts[this.#parts.length - 1] = last + text
    else this.#parts.push(text)
    this.#trim()
  }

  /** At most `maximum` code units from `from` on, or from the oldest that is kept; empty at the end. */
  read(from: number, maximum: number): { offset: number; text: string } {
    const offset = Math.max(from, this.#start)
    let text = ''
    let partStart = this.#start
    for (const part of this.#parts) {
      if (partStart + part.length > offset) {
        text += part.slice(Math.max(0, offset - partStart), Math.max(0, offset - partStart) + maximum - text.length)
        if (text.length >= maximum) break
      }
      partStart += part.length
    }
    return { offset, text }
  }

  /** Cuts whole parts, and then up to the next line, so that no escape sequence begins in its middle. */
  #trim(): void {
    let isCut = false
    for (;;) {
      const [first] = this.#parts
      if (first === undefined || this.#end - this.#start - first.length < this.#capacity) break
      this.#parts.shift()
      this.#start += first.length
      isCut = true
    }
    const [first] = this.#parts
    if (!isCut || first === undefined) return
    const line = first.indexOf('\n') + 1
    this.#parts[0] = first.slice(line)
    this.#start += line
  }
}
