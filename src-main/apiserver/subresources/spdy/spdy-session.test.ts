/** SPDY as kubectl speaks it, frame by frame. */
import { constants, createDeflate } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { encodeData, FrameReader } from './frames.ts'
import { HEADER_DICTIONARY } from './header-dictionary.ts'
import { SpdySession, type SpdyStream } from './spdy-session.ts'

/** The client's half: opens streams with headers compressed over all of them. */
class Client {
  readonly sent: Buffer[] = []
  readonly streams: SpdyStream[] = []
  isClosed = false
  readonly #deflate = createDeflate({ dictionary: HEADER_DICTIONARY })
  readonly #blocks: Buffer[] = []
  readonly session = new SpdySession(
    {
      send: (bytes) => {
        this.sent.push(Buffer.from(bytes))
        return Promise.resolve()
      },
      pause: () => undefined,
      resume: () => undefined,
      close: () => (this.isClosed = true),
    },
    (stream) => this.streams.push(stream),
  )

  constructor() {
    this.#deflate.on('data', (block: Buffer) => this.#blocks.push(block))
  }

  async open(streamId: number, headers: Record<string, string>): Promise<Buffer> {
    const texts = Object.entries(headers).flat()
    const parts = texts.flatMap((word) => [uint32(word.length), Buffer.from(word)])
    await new Promise<void>((resolve) => {
      this.#deflate.write(Buffer.concat([uint32(texts.length / 2), ...parts]))
      this.#deflate.flush(constants.Z_SYNC_FLUSH, resolve)
    })
    const content = Buffer.concat([uint32(streamId), uint32(0), Buffer.alloc(2), ...this.#blocks.splice(0)])
    return Buffer.concat([Buffer.of(0x80, 3, 0, 1, 0, 0, 0, content.length), content])
  }

  async streamCount(count: number): Promise<void> {
    await expect.poll(() => this.streams.length, { interval: 1 }).toBe(count)
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

describe('a SPDY session', () => {
  test('given frames that come in pieces, when streams are opened, then their headers and bytes arrive, and each is answered', async () => {
    const client = new Client()
    const bytes = Buffer.concat([
      await client.open(1, { streamType: 'error', port: '80', requestID: '0' }),
      await client.open(3, { streamType: 'data', port: '80', requestID: '0' }),
      encodeData(3, Buffer.from('hello'), true),
    ])
    for (let offset = 0; offset < bytes.length; offset += 7) client.session.receive(bytes.subarray(offset, offset + 7))
    await client.streamCount(2)
    const [error, data] = client.streams
    expect([...(error?.headers ?? [])]).toEqual([
      ['streamtype', 'error'],
      ['port', '80'],
      ['requestid', '0'],
    ])
    expect(data?.headers.get('streamtype')).toBe('data')
    if (data === undefined) throw new Error('there are two streams')
    // Reading it as a whole would destroy it, with its other direction.
    const received: Buffer[] = []
    for await (const chunk of data.connection.iterator({ destroyOnReturn: false })) received.push(chunk as Buffer)
    expect(Buffer.concat(received).toString()).toBe('hello')
    data.connection.end('answer')
    await expect.poll(() => new FrameReader().push(Buffer.concat(client.sent)).length, { interval: 1 }).toBe(4)
    expect(new FrameReader().push(Buffer.concat(client.sent)).slice(2)).toEqual([
      { type: 'data', streamId: 3, isLast: false, content: Buffer.from('answer') },
      { type: 'data', streamId: 3, isLast: true, content: Buffer.alloc(0) },
    ])
    client.session.dispose()
  })

  test('given a ping, when it comes, then it is sent back as it is', async () => {
    const client = new Client()
    const ping = Buffer.of(0x80, 3, 0, 6, 0, 0, 0, 4, 0, 0, 0, 9)
    client.session.receive(ping)
    await expect.poll(() => client.sent.length, { interval: 1 }).toBe(1)
    expect(client.sent[0]).toEqual(ping)
    client.session.dispose()
  })

  test('given what is no SPDY, a frame without end or a header block that inflates without end, when it comes, then the session is over', async () => {
    const bomb = createDeflate({ dictionary: HEADER_DICTIONARY, level: 9 })
    bomb.end(Buffer.alloc(10_000_000))
    const chunks: Buffer[] = []
    for await (const chunk of bomb) chunks.push(chunk as Buffer)
    const content = Buffer.concat([uint32(1), uint32(0), Buffer.alloc(2), ...chunks])
    const synStream = Buffer.alloc(8)
    synStream.writeUInt32BE(0x80030001, 0)
    synStream.writeUIntBE(content.length, 5, 3)
    for (const bytes of [Buffer.of(0, 0, 0, 1, 0, 0xff, 0xff, 0xff), Buffer.concat([synStream, content])]) {
      const client = new Client()
      client.session.receive(bytes)
      await expect.poll(() => client.isClosed, { interval: 1 }).toBe(true)
      client.session.dispose()
    }
  })
})
