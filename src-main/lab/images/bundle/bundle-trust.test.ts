import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKeyPair, readKey } from './bundle-signature.ts'
import { importSample, makeSampleBundle, NOTHING, type SampleBundle, UNVERIFIED } from './testing/sample-bundle.ts'

let sample: SampleBundle
beforeAll(async () => {
  sample = await makeSampleBundle()
})
afterAll(() => sample.dispose())

describe('what speaks for a bundle', () => {
  it('given nothing that speaks for the bundle, then it is refused, and taken with consent', async () => {
    const path = sample.changed((bytes) => bytes)
    const engine = sample.engine()
    await expect(importSample(engine, path, NOTHING)).rejects.toMatchObject({
      kind: 'Forbidden',
      remedy: expect.stringMatching(/--sha256 .*--key .*--unverified/),
    })
    expect(engine.loaded.size).toBe(0)
    await importSample(engine, path, UNVERIFIED)
    expect(engine.loaded.size).toBe(1)
  })

  it.each([
    ['a folder', 'is no file', (path: string) => mkdirSync(path)],
    ['a named pipe', 'is no file', (path: string) => execFileSync('mkfifo', [path])],
    ['far too long', 'is longer than 4096 bytes', (path: string) => writeFileSync(path, ' '.repeat(5000))],
  ])('given a checksum beside the bundle that is %s, then that is told at once', async (_what, told, make) => {
    const path = sample.changed((bytes) => bytes)
    make(`${path}.sha256`)
    try {
      const importing = importSample(sample.engine(), path, NOTHING)
      await expect(importing).rejects.toMatchObject({ kind: 'BadRequest', message: expect.stringContaining(told) })
    } finally {
      rmSync(`${path}.sha256`, { recursive: true })
    }
  })

  it('given a checksum from elsewhere, then only the bundle that has it is taken', async () => {
    const engine = sample.engine()
    await expect(importSample(engine, sample.path, { ...NOTHING, sha256: '0'.repeat(64) })).rejects.toThrow(
      /checksum is [0-9a-f]{64}, and should be 0{64}/,
    )
    expect(engine.loaded.size).toBe(0)
    await importSample(engine, sample.path, { ...NOTHING, sha256: sample.sha256.toUpperCase() })
  })

  it('given consent to an unverified bundle and a checksum from elsewhere, then the checksum holds', async () => {
    const engine = sample.engine()
    await expect(importSample(engine, sample.path, { ...UNVERIFIED, sha256: '0'.repeat(64) })).rejects.toThrow(
      /should be 0{64}/,
    )
    expect(engine.loaded.size).toBe(0)
  })

  it('given consent and a checksum beside the bundle that is about another one, then the bundle is taken', async () => {
    const path = join(sample.folder, 'consented.tar')
    cpSync(sample.path, path)
    writeFileSync(`${path}.sha256`, `${'0'.repeat(64)}  consented.tar\n`)
    const engine = sample.engine()
    await expect(importSample(engine, path, NOTHING)).rejects.toThrow(/should be 0{64}/)
    expect((await importSample(engine, path, UNVERIFIED)).trust.words).toContain('NOT VERIFIED')
  })
})

describe('signatures', () => {
  it('given a bundle signed with a trusted key, then it is taken; with another key, or another bundle, it is not', async () => {
    for (const name of ['mine', 'other']) {
      const { privateKey, publicKey } = makeKeyPair()
      writeFileSync(join(sample.folder, name), privateKey)
      writeFileSync(join(sample.folder, `${name}.pub`), publicKey)
    }
    const signed = join(sample.folder, 'signed.tar')
    await sample.export(signed, { privateKey: await readKey(join(sample.folder, 'mine'), 'private') })
    const [mine, other] = await Promise.all(
      ['mine', 'other'].map((name) => readKey(join(sample.folder, `${name}.pub`), 'public')),
    )
    if (mine === undefined || other === undefined) throw new Error('no keys')
    const { trust } = await importSample(sample.engine(), signed, { ...NOTHING, keys: [other, mine] })
    expect(trust.words).toMatch(/^signed with the key [0-9a-f]{16}$/)
    const engine = sample.engine()
    await expect(importSample(engine, signed, { ...NOTHING, keys: [other] })).rejects.toThrow(
      /none of those that you trust/,
    )
    await expect(importSample(engine, sample.path, { ...NOTHING, keys: [mine] })).rejects.toThrow(/has no signature/)
    const bytes = readFileSync(signed)
    bytes[bytes.length - 2000] = (bytes[bytes.length - 2000] ?? 0) ^ 1
    writeFileSync(signed, bytes)
    await expect(importSample(engine, signed, { ...NOTHING, keys: [mine] })).rejects.toThrow(/not one of this bundle/)
    expect(engine.loaded.size).toBe(0)
  })

  it('given a key of another kind, then it is told', async () => {
    await expect(readKey(sample.path, 'public')).rejects.toMatchObject({ kind: 'BadRequest' })
  })
})
