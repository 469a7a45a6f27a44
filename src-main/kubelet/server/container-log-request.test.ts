import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { parseLogRequest, takeBytes } from './container-log-request.ts'

const parse = (query: string) => parseLogRequest(new URLSearchParams(query), new FakeClock(Date.UTC(2026, 0, 1)))

describe('given the query of a container log', () => {
  it.each([
    [
      '',
      { previous: false, options: { follow: false, timestamps: false, tailLines: undefined, sinceTime: undefined } },
    ],
    ['follow&previous=1&timestamps=yes', { previous: true, options: { follow: true, timestamps: true } }],
    ['follow=false&previous=0', { previous: false, options: { follow: false } }],
    ['tailLines=5&limitBytes=10', { limitBytes: 10, options: { tailLines: 5 } }],
    ['tail=7&tailLines=5', { options: { tailLines: 7 } }],
    ['tail=all&tailLines=5', { options: { tailLines: undefined } }],
    ['sinceSeconds=60', { options: { sinceTime: '2025-12-31T23:59:00.000Z' } }],
    ['sinceTime=2026-01-01T02:00:00%2B02:00', { options: { sinceTime: '2026-01-01T00:00:00.000Z' } }],
    ['nonsense=1', { previous: false }],
  ])('when it is "%s", then it is read as the API reads it', (query, wanted) => {
    expect(parse(query)).toMatchObject(wanted)
  })

  it.each(['tailLines=x', 'limitBytes=1.5', 'sinceTime=yesterday'])(
    'when it is "%s", then it is a bad one',
    (query) => {
      expect(() => parse(query)).toThrow('{"message": "Unable to decode query."}')
    },
  )

  it.each(['tailLines=-1', 'limitBytes=0', 'sinceSeconds=0', 'sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z'])(
    'when it is "%s", then it makes no sense',
    (query) => {
      expect(() => parse(query)).toThrow('{"message": "Invalid request."}')
    },
  )

  it('when one stream is wanted, then it says that this is not to be had', () => {
    expect(() => parse('stream=Stderr')).toThrow('unable to return the given log stream: "Stderr"')
    expect(parse('stream=All').previous).toBe(false)
  })
})

describe('given a limit of bytes', () => {
  it('when the text is longer, then it ends there, and the source is not read on', async () => {
    let reads = 0
    async function* source() {
      for (const piece of ['grüß', 'e', 'never']) {
        reads += 1
        await Promise.resolve()
        yield piece
      }
    }
    const pieces: Uint8Array[] = []
    for await (const piece of takeBytes(source(), 7)) pieces.push(piece)
    expect(Buffer.concat(pieces).toString()).toBe('grüße')
    expect(reads).toBe(2)
  })
})
