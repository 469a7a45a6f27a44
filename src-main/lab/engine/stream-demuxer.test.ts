import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { demuxStreams } from './stream-demuxer.ts'

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8)
  header[0] = stream
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}

async function read(chunks: Buffer[]): Promise<{ stdout: string; stderr: string }> {
  const source = new PassThrough()
  const { stdout, stderr } = demuxStreams(source)
  for (const chunk of chunks) source.write(chunk)
  source.end()
  const [out, err] = await Promise.all([stdout.toArray(), stderr.toArray()])
  return { stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }
}

describe('demuxStreams', () => {
  const frames = [frame(1, 'one '), frame(2, 'bad'), frame(1, ''), frame(1, 'two')]

  it('given whole frames, then each goes to its stream', async () => {
    expect(await read(frames)).toEqual({ stdout: 'one two', stderr: 'bad' })
  })

  it('given frames torn at every byte, then the outcome is the same', async () => {
    const bytes = [...Buffer.concat(frames)].map((byte) => Buffer.of(byte))
    expect(await read(bytes)).toEqual({ stdout: 'one two', stderr: 'bad' })
  })

  it('given a connection that breaks within a frame, then what came is readable and both outputs end', async () => {
    expect(await read([frame(1, 'whole'), frame(1, 'torn').subarray(0, 10)])).toEqual({ stdout: 'wholeto', stderr: '' })
  })
})
