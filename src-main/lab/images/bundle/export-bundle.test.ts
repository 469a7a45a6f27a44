import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { extract } from 'tar-stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportBundle } from './export-bundle.ts'
import { importSample, makeSampleBundle, NOTHING, REFERENCE, type SampleBundle } from './testing/sample-bundle.ts'

let sample: SampleBundle
beforeAll(async () => {
  sample = await makeSampleBundle()
})
afterAll(() => sample.dispose())

describe('exportBundle', () => {
  it('given the same images, then the bytes are the same, and nothing is left beside them but the checksum', async () => {
    const again = join(sample.folder, 'again')
    cpSync(join(sample.folder, 'base.tar'), join(again, 'x'), { recursive: true })
    const other = join(again, 'images.tar')
    expect((await sample.export(other)).sha256).toBe(sample.sha256)
    expect(readFileSync(other).equals(readFileSync(sample.path))).toBe(true)
    expect(readdirSync(again).sort()).toEqual(['images.tar', 'images.tar.sha256', 'x'])
    expect(readFileSync(`${other}.sha256`, 'utf8')).toBe(`${sample.sha256}  images.tar\n`)
  })

  it('given a bundle, then any program that reads tarballs finds the files in it, with the packages of the image', async () => {
    const archive = extract()
    archive.end(readFileSync(sample.path))
    const contents = new Map<string, string>()
    for await (const entry of archive) {
      const chunks: Uint8Array[] = []
      for await (const chunk of entry) chunks.push(chunk as Uint8Array)
      contents.set(entry.header.name, Buffer.concat(chunks).toString('latin1'))
    }
    expect([...contents.keys()]).toEqual((await sample.files()).map(({ name }) => name))
    expect(contents.get('PACKAGES.tsv')?.split('\n')[1]).toBe(
      'sample\tamd64\tsample\t1.2-3+b1\tsample-source\t1.2-3\t/usr/share/doc/sample/copyright',
    )
    expect(contents.get('SOURCES.md')).toContain('apt-get source')
  })

  it.each(['', 'none/images.tar'])(
    'given a place where no file can be (%j), then it is told at once',
    async (place) => {
      await expect(sample.export(join(sample.folder, place))).rejects.toMatchObject({ kind: 'BadRequest' })
      expect(existsSync(join(sample.folder, 'none'))).toBe(false)
    },
  )

  it('given an export that was broken off, then the next one takes over the layers that it had packed, if they are whole', async () => {
    const path = join(sample.folder, 'resumed.tar')
    const controller = new AbortController()
    const options = { references: [REFERENCE], version: '0.1.0', signal: controller.signal }
    const broken = exportBundle(sample.engine(), path, {
      ...options,
      onProgress: ({ message }) => {
        if (message === 'writing the bundle') controller.abort(new Error('interrupted'))
      },
    })
    await expect(broken).rejects.toThrow('interrupted')
    expect(existsSync(path)).toBe(false)
    const packed = readdirSync(`${path}.partial`).find((name) => name.endsWith('.zst')) ?? ''
    writeFileSync(join(`${path}.partial`, packed), 'torn')
    expect((await sample.export(path)).sha256).toBe(sample.sha256)
    expect(existsSync(`${path}.partial`)).toBe(false)
  })

  it('given a bundle for another architecture, then the new one has the images of both', async () => {
    const arm = join(sample.folder, 'arm64.tar')
    const reference = 'node-lab.invalid/sample:ba9876543210'
    await sample.export(arm, {}, sample.engine('arm64'), reference)
    const both = join(sample.folder, 'both.tar')
    const { images } = await sample.export(both, { other: arm })
    expect(images.map((image) => image.architecture)).toEqual(['amd64', 'arm64'])
    const engine = sample.engine('arm64')
    await importSample(engine, both, NOTHING, [reference])
    expect([...engine.loaded.keys()]).toEqual([reference])
  })
})
