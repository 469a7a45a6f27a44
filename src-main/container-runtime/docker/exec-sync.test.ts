import { describe, expect, it } from 'vitest'
import { findStartFailure, OutputCollector } from './exec-sync.ts'

function frame(stream: 1 | 2, text: string): Buffer {
  const header = Buffer.alloc(8)
  header[0] = stream
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

describe('OutputCollector', () => {
  it('given frames cut anywhere, then both streams are whole', () => {
    const bytes = Buffer.concat([frame(1, 'out1'), frame(2, 'err'), frame(1, ''), frame(1, 'out2')])
    for (let size = 1; size <= bytes.length; size++) {
      const collector = new OutputCollector()
      for (let at = 0; at < bytes.length; at += size) collector.push(bytes.subarray(at, at + size))
      expect([text(collector.result().stdout), text(collector.result().stderr)]).toEqual(['out1out2', 'err'])
    }
  })

  it('given more than the limit, then the rest is dropped, for each stream by itself', () => {
    const collector = new OutputCollector(5)
    for (let count = 0; count < 3; count++) collector.push(frame(1, 'abc'))
    collector.push(frame(2, 'xyz'))
    expect([text(collector.result().stdout), text(collector.result().stderr)]).toEqual(['abcab', 'xyz'])
  })
})

describe('findStartFailure', () => {
  const words = 'OCI runtime exec failed: exec failed: exec: "/x": no such file or directory: unknown'
  const answer = (exitCode: number, stdout: string, stderr = ''): Parameters<typeof findStartFailure>[0] => ({
    ...{ exitCode, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) },
  })

  it.each([126, 127])('given the runtime’s own words and the exit code %d, then the command never ran', (exitCode) => {
    expect(findStartFailure(answer(exitCode, `${words}\r\n`))).toBe(words)
  })

  it('given the same from a command itself, then it is the command’s answer', () => {
    expect(findStartFailure(answer(1, words))).toBeUndefined()
    expect(findStartFailure(answer(127, '', 'sh: x: not found'))).toBeUndefined()
    expect(findStartFailure(answer(126, words, 'more'))).toBeUndefined()
    expect(findStartFailure(answer(127, `said: ${words}`))).toBeUndefined()
  })
})
