import { describe, expect, it } from 'vitest'
import { logText } from './log-text.ts'

/** As the engine frames it. @param stream 1: standard output, 2: standard error */
function frame(stream: 1 | 2, text: string): Buffer {
  const header = Buffer.alloc(8)
  header[0] = stream
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}

describe('given the log of a container', () => {
  it('when it has no terminal, then both outputs are read, without their frames', async () => {
    const text = await logText(Buffer.concat([frame(1, 'ready\n'), frame(2, 'no disk: 디스크\n')]), false)
    expect(text.split('\n').toSorted()).toEqual(['', 'no disk: 디스크', 'ready'])
  })

  it('when it has a terminal, then it is the text itself', async () => {
    expect(await logText(Buffer.from('$ ls\n'), true)).toBe('$ ls\n')
  })

  it('when all of it happens to be JSON, which the client has parsed, then it is text again', async () => {
    expect(await logText({ level: 'info' }, true)).toBe('{"level":"info"}')
  })
})
