import { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { writeAtPace } from './write-at-pace.ts'

/** A connection whose other side takes one piece each time it is told to. */
class SlowConnection extends Duplex {
  #taken: (() => void) | undefined
  constructor() {
    super({ writableHighWaterMark: 1 })
  }
  override _read(): void {}
  override _write(_chunk: Uint8Array, _encoding: string, done: () => void): void {
    this.#taken = done
  }
  takePiece(): void {
    this.#taken?.()
  }
}

describe('writeAtPace', () => {
  it('given a slow other side, then it waits for each piece and leaves no listener behind', async () => {
    const connection = new SlowConnection()
    const before = connection.eventNames().length
    for (let piece = 0; piece < 100; piece++) {
      let isWritten = false
      const writing = writeAtPace(connection, Buffer.from('xx')).then(() => (isWritten = true))
      await Promise.resolve()
      expect(isWritten).toBe(false)
      connection.takePiece()
      await writing
    }
    expect(connection.eventNames()).toHaveLength(before)
  })

  it('given an other side that goes, then it does not wait for ever', async () => {
    const connection = new SlowConnection()
    const writing = writeAtPace(connection, Buffer.from('xx'))
    connection.destroy()
    await writing
    await writeAtPace(connection, Buffer.from('xx'))
  })
})
