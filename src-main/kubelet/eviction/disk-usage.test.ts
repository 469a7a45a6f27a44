import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diskUsageBytes } from './disk-usage.ts'

const KIB = 1024
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'disk-usage-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const measure = (): Promise<number> => diskUsageBytes(folder, new AbortController().signal)

describe('how much disk a folder takes', () => {
  it('given files in folders, then their blocks are added up', async () => {
    const empty = await measure()
    mkdirSync(join(folder, 'a/b'), { recursive: true })
    for (const name of ['one', 'a/two', 'a/b/three']) writeFileSync(join(folder, name), Buffer.alloc(100 * KIB, 1))
    const grown = (await measure()) - empty
    expect(grown).toBeGreaterThanOrEqual(300 * KIB)
    expect(grown).toBeLessThan(400 * KIB)
  })

  it('given a name that is no text, then its file counts like any other', async () => {
    const before = await measure()
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.of(0xff)]), Buffer.alloc(100 * KIB, 1))
    expect((await measure()) - before).toBeGreaterThanOrEqual(100 * KIB)
  })

  it('given other names of a file, and links that lead out, then nothing more', async () => {
    writeFileSync(join(folder, 'one'), Buffer.alloc(100 * KIB, 1))
    const before = await measure()
    linkSync(join(folder, 'one'), join(folder, 'other'))
    symlinkSync('/usr', join(folder, 'usr'))
    symlinkSync('one', join(folder, 'soft'))
    expect((await measure()) - before).toBeLessThan(20 * KIB)
  })

  it('given nothing is there, then nothing', async () => {
    expect(await diskUsageBytes(join(folder, 'absent'), new AbortController().signal)).toBe(0)
  })
})
