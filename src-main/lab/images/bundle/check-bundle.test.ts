import { readFileSync } from 'node:fs'
import fastCheck from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importSample, makeSampleBundle, NOTHING, type SampleBundle, UNVERIFIED } from './testing/sample-bundle.ts'

let sample: SampleBundle
beforeAll(async () => {
  sample = await makeSampleBundle()
})
afterAll(() => sample.dispose())

describe('given a damaged bundle', () => {
  const flip = (position: number, bit: number) => (bytes: Buffer) => {
    bytes[position] = (bytes[position] ?? 0) ^ (1 << bit)
    return bytes
  }

  it('with one flipped bit anywhere, then it is refused and nothing is loaded, even where nothing else speaks for it', async () => {
    const { length } = readFileSync(sample.path)
    const positions = fastCheck.integer({ min: 0, max: length - 1 })
    await fastCheck.assert(
      fastCheck.asyncProperty(positions, fastCheck.integer({ min: 0, max: 7 }), async (position, bit) => {
        const engine = sample.engine()
        const path = sample.changed(flip(position, bit))
        await expect(importSample(engine, path, UNVERIFIED)).rejects.toMatchObject({ kind: 'BadRequest' })
        await expect(importSample(engine, path, { ...NOTHING, sha256: sample.sha256 })).rejects.toMatchObject({
          kind: 'BadRequest',
        })
        expect(engine.loaded.size).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  it('with one flipped bit in a header, in each file, in padding or at the end, then the place is named', async () => {
    const { length } = readFileSync(sample.path)
    for (const { name, offset, sizeBytes } of await sample.files()) {
      const places = [
        offset - 512 + 100,
        offset,
        offset + sizeBytes - 1,
        ...(sizeBytes % 512 === 0 ? [] : [offset + sizeBytes]),
      ]
      for (const place of places) {
        const path = sample.changed(flip(place, 3))
        await expect(importSample(sample.engine(), path, UNVERIFIED), `${name} ${place}`).rejects.toMatchObject({
          kind: 'BadRequest',
        })
      }
    }
    await expect(importSample(sample.engine(), sample.changed(flip(length - 1, 0)), UNVERIFIED)).rejects.toThrow(
      'its last 1024 bytes',
    )
  })

  it.each([0, 100, 600, 4000, 200_000])('cut short to %i bytes, then it is told what is missing', async (kept) => {
    const { length } = readFileSync(sample.path)
    const path = sample.changed((bytes) => bytes.subarray(0, kept))
    const message =
      kept < 512
        ? /is no bundle of Node Lab/
        : kept < 3000
          ? /at least \d+ bytes are missing/
          : `${length - kept} bytes of ${length} are missing`
    const evidence = { ...NOTHING, sha256: sample.sha256 }
    await expect(importSample(sample.engine(), path, evidence)).rejects.toThrow(message)
  })

  it('with bytes behind its end, then it is refused', async () => {
    const path = sample.changed((bytes) => Buffer.concat([bytes, Buffer.from('more')]))
    await expect(importSample(sample.engine(), path, UNVERIFIED)).rejects.toThrow('has 4 bytes more')
  })
})
