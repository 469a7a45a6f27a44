/** Bundles of a small image: written, read, damaged, and loaded into an engine that keeps what it is given. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fastCheck from 'fast-check'
import { extract, pack } from 'tar-stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { IMAGE_INPUTS_LABEL } from '../../../common/engine-labels.ts'
import type { EngineImage } from '../../engine/engine.ts'
import { FakeEngine } from '../../testing/fake-engine.ts'
import { FileTree } from '../file-tree.ts'
import { computeConfiguration, computeImageArchive, type ImageArchive, readFromDisk } from '../image-archive.ts'
import { type Layer, writeLayer } from '../layer.ts'
import { PACKAGE_RECORDS_PATH } from '../debian/package-records.ts'
import { BundleFile } from './bundle-file.ts'
import { makeKeyPair, readKey } from './bundle-signature.ts'
import type { BundleEvidence } from './bundle-trust.ts'
import { exportBundle, type ExportResult } from './export-bundle.ts'
import { importBundle, type ImportResult } from './import-bundle.ts'

const folder = mkdtempSync(join(tmpdir(), 'node-lab-bundle-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const REFERENCE = 'node-lab.invalid/sample:0123456789ab'
const BUNDLE = join(folder, 'images.tar')
const NOTHING: BundleEvidence = { keys: [], unverified: false }
const UNVERIFIED: BundleEvidence = { keys: [], unverified: true }

/** Saves the sample image, and keeps what it is told to load. */
class KeepingEngine extends FakeEngine {
  readonly loaded = new Map<string, string>()
  readonly #architecture: string
  #loadsUntilFailure = Number.POSITIVE_INFINITY

  constructor(architecture = 'amd64') {
    super()
    this.#architecture = architecture
  }

  failAfter(loads: number): void {
    this.#loadsUntilFailure = loads
  }

  override architecture(): Promise<string> {
    return Promise.resolve(this.#architecture)
  }

  override saveImages(references: readonly string[] = []): Promise<Readable> {
    const archives = references.map((reference) => archiveOf(reference, this.#architecture))
    const tarball = pack()
    for (const { imageId, configuration } of archives)
      tarball.entry({ name: `${imageId.slice('sha256:'.length)}.json` }, configuration)
    for (const { diffId, path } of layers)
      tarball.entry({ name: `${diffId.slice('sha256:'.length)}/layer.tar` }, readFileSync(path))
    const manifest = archives.flatMap((archive) => JSON.parse(archive.manifest) as unknown[])
    tarball.entry({ name: 'manifest.json' }, JSON.stringify(manifest))
    tarball.finalize()
    return Promise.resolve(Readable.from(tarball))
  }

  override async loadImage(tarball?: Readable): Promise<void> {
    if (this.loaded.size >= this.#loadsUntilFailure) throw new Error('the command was killed')
    const archive = extract()
    tarball?.on('error', (error) => archive.destroy(error)).pipe(archive)
    const texts = new Map<string, string>()
    for await (const entry of archive) {
      const chunks: Uint8Array[] = []
      for await (const chunk of entry) chunks.push(chunk as Uint8Array)
      texts.set(entry.header.name, Buffer.concat(chunks).toString('latin1'))
    }
    const [image] = JSON.parse(texts.get('manifest.json') ?? '[]') as { Config: string; RepoTags: string[] }[]
    this.loaded.set(image?.RepoTags[0] ?? '', `sha256:${image?.Config.replace('.json', '') ?? ''}`)
  }

  override inspectImage(reference = ''): Promise<EngineImage | undefined> {
    const id = this.loaded.get(reference)
    return Promise.resolve(
      id === undefined ? undefined : { id, tags: [reference], labels: {}, sizeBytes: 1, createdAt: '' },
    )
  }

  override listImages(): Promise<EngineImage[]> {
    return Promise.resolve([])
  }
}

let layers: Layer[]
let exported: ExportResult

function archiveOf(reference: string, architecture: string): ImageArchive {
  const labels = { [IMAGE_INPUTS_LABEL]: reference.slice(-12) }
  return computeImageArchive(
    reference,
    computeConfiguration(layers, { command: ['sh'], labels }, architecture),
    layers.map(readFromDisk),
  )
}

beforeAll(async () => {
  const base = new FileTree()
  base.file('bin/sample', randomBytes(300_000), 0o755)
  base.file('usr/share/doc/sample/copyright', 'GPL-2+\n')
  base.file(PACKAGE_RECORDS_PATH, 'sample\t1.2-3+b1\tsample-source\t1.2-3\n')
  const top = new FileTree()
  top.file('etc/sample.conf', 'setting = 1\n')
  layers = [
    await writeLayer(base, join(folder, 'base.tar'), new Date('2026-08-01T00:00:00Z'), 'base', '1.2'),
    await writeLayer(top, join(folder, 'top.tar'), new Date('2026-08-01T00:00:00Z'), 'top', ''),
  ]
  exported = await exportSample(BUNDLE)
})

function exportSample(
  path: string,
  options: { privateKey?: Awaited<ReturnType<typeof readKey>>; other?: string } = {},
  engine = new KeepingEngine(),
  reference = REFERENCE,
): Promise<ExportResult> {
  return exportBundle(engine, path, {
    references: [reference],
    version: '0.1.0',
    onProgress: () => undefined,
    ...options,
  })
}

function importSample(
  engine: KeepingEngine,
  path: string,
  evidence: BundleEvidence,
  needed = [REFERENCE],
  onProgress: (step: { message: string; progress?: number }) => void = () => undefined,
): Promise<ImportResult> {
  return importBundle(engine, path, { evidence, needed, onProgress })
}

/** A copy of the bundle with other bytes, and nothing beside it. */
function changed(change: (bytes: Buffer) => Buffer): string {
  const path = join(folder, 'changed.tar')
  writeFileSync(path, change(readFileSync(BUNDLE)))
  return path
}

async function filesOf(path: string): Promise<{ name: string; sizeBytes: number; offset: number }[]> {
  const bundle = await BundleFile.open(path)
  try {
    await bundle.readManifest()
    return bundle.files
  } finally {
    await bundle.close()
  }
}

describe('exportBundle', () => {
  it('given the same images, then the bytes are the same, and nothing is left beside them but the checksum', async () => {
    const again = join(folder, 'again')
    cpSync(join(folder, 'base.tar'), join(again, 'x'), { recursive: true })
    const other = join(again, 'images.tar')
    expect((await exportSample(other)).sha256).toBe(exported.sha256)
    expect(readFileSync(other).equals(readFileSync(BUNDLE))).toBe(true)
    expect(readdirSync(again).sort()).toEqual(['images.tar', 'images.tar.sha256', 'x'])
    expect(readFileSync(`${other}.sha256`, 'utf8')).toBe(`${exported.sha256}  images.tar\n`)
  })

  it('given a bundle, then any program that reads tarballs finds the files in it, with the packages of the image', async () => {
    const archive = extract()
    archive.end(readFileSync(BUNDLE))
    const contents = new Map<string, string>()
    for await (const entry of archive) {
      const chunks: Uint8Array[] = []
      for await (const chunk of entry) chunks.push(chunk as Uint8Array)
      contents.set(entry.header.name, Buffer.concat(chunks).toString('latin1'))
    }
    expect([...contents.keys()]).toEqual((await filesOf(BUNDLE)).map(({ name }) => name))
    expect(contents.get('PACKAGES.tsv')?.split('\n')[1]).toBe(
      'sample\tamd64\tsample\t1.2-3+b1\tsample-source\t1.2-3\t/usr/share/doc/sample/copyright',
    )
    expect(contents.get('SOURCES.md')).toContain('apt-get source')
  })

  it.each(['', 'none/images.tar'])(
    'given a place where no file can be (%j), then it is told at once',
    async (place) => {
      await expect(exportSample(join(folder, place))).rejects.toMatchObject({ kind: 'BadRequest' })
      expect(existsSync(join(folder, 'none'))).toBe(false)
    },
  )

  it('given an export that was broken off, then the next one takes over the layers that it had packed, if they are whole', async () => {
    const path = join(folder, 'resumed.tar')
    const controller = new AbortController()
    const options = { references: [REFERENCE], version: '0.1.0', signal: controller.signal }
    const broken = exportBundle(new KeepingEngine(), path, {
      ...options,
      onProgress: ({ message }) => {
        if (message === 'writing the bundle') controller.abort(new Error('interrupted'))
      },
    })
    await expect(broken).rejects.toThrow('interrupted')
    expect(existsSync(path)).toBe(false)
    const packed = readdirSync(`${path}.partial`).find((name) => name.endsWith('.zst')) ?? ''
    writeFileSync(join(`${path}.partial`, packed), 'torn')
    expect((await exportSample(path)).sha256).toBe(exported.sha256)
    expect(existsSync(`${path}.partial`)).toBe(false)
  })

  it('given a bundle for another architecture, then the new one has the images of both', async () => {
    const arm = join(folder, 'arm64.tar')
    const reference = 'node-lab.invalid/sample:ba9876543210'
    await exportSample(arm, {}, new KeepingEngine('arm64'), reference)
    const both = join(folder, 'both.tar')
    const { images } = await exportSample(both, { other: arm })
    expect(images.map((image) => image.architecture)).toEqual(['amd64', 'arm64'])
    const engine = new KeepingEngine('arm64')
    await importSample(engine, both, NOTHING, [reference])
    expect([...engine.loaded.keys()]).toEqual([reference])
  })
})

describe('importBundle', () => {
  it('given a checksum beside the bundle, then the image gets into the engine with the id that it had', async () => {
    const engine = new KeepingEngine()
    const { loaded, trust } = await importSample(engine, BUNDLE, NOTHING)
    expect(loaded).toEqual([REFERENCE])
    expect(engine.loaded.get(REFERENCE)).toBe(archiveOf(REFERENCE, 'amd64').imageId)
    expect(trust.words).toContain('as trustworthy as the way')
    expect(await importSample(engine, BUNDLE, NOTHING)).toMatchObject({ loaded: [], present: [REFERENCE] })
  })

  it('given nothing that speaks for the bundle, then it is refused, and taken with consent', async () => {
    const path = changed((bytes) => bytes)
    const engine = new KeepingEngine()
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
    const path = changed((bytes) => bytes)
    make(`${path}.sha256`)
    try {
      const importing = importSample(new KeepingEngine(), path, NOTHING)
      await expect(importing).rejects.toMatchObject({ kind: 'BadRequest', message: expect.stringContaining(told) })
    } finally {
      rmSync(`${path}.sha256`, { recursive: true })
    }
  })

  it('given a checksum from elsewhere, then only the bundle that has it is taken', async () => {
    const engine = new KeepingEngine()
    await expect(importSample(engine, BUNDLE, { ...NOTHING, sha256: '0'.repeat(64) })).rejects.toThrow(
      /checksum is [0-9a-f]{64}, and should be 0{64}/,
    )
    expect(engine.loaded.size).toBe(0)
    await importSample(engine, BUNDLE, { ...NOTHING, sha256: exported.sha256.toUpperCase() })
  })

  it('given consent to an unverified bundle and a checksum from elsewhere, then the checksum holds', async () => {
    const engine = new KeepingEngine()
    await expect(importSample(engine, BUNDLE, { ...UNVERIFIED, sha256: '0'.repeat(64) })).rejects.toThrow(
      /should be 0{64}/,
    )
    expect(engine.loaded.size).toBe(0)
  })

  it('given consent and a checksum beside the bundle that is about another one, then the bundle is taken', async () => {
    const path = join(folder, 'consented.tar')
    cpSync(BUNDLE, path)
    writeFileSync(`${path}.sha256`, `${'0'.repeat(64)}  consented.tar\n`)
    const engine = new KeepingEngine()
    await expect(importSample(engine, path, NOTHING)).rejects.toThrow(/should be 0{64}/)
    expect((await importSample(engine, path, UNVERIFIED)).trust.words).toContain('NOT VERIFIED')
  })

  it('given another processor of the engine, then the bundle is refused with what it is for', async () => {
    await expect(importSample(new KeepingEngine('arm64'), BUNDLE, NOTHING)).rejects.toThrow(
      'the engine runs on arm64, and images.tar has images for amd64 only',
    )
  })

  it('given a Node Lab that needs other images, then the bundle is refused with what it lacks', async () => {
    const needed = [REFERENCE, 'node-lab.invalid/node:ffffffffffff']
    const engine = new KeepingEngine()
    await expect(importSample(engine, BUNDLE, NOTHING, needed)).rejects.toThrow(
      /belongs to another state of Node Lab \(it calls itself 0\.1\.0\): it lacks node-lab\.invalid\/node:ffffffffffff$/,
    )
    expect(engine.loaded.size).toBe(0)
  })
})

describe('given a file that somebody writes to while it is imported', () => {
  it('when it becomes another bundle after its checksum was computed, then it is refused', async () => {
    const other = join(folder, 'other-version.tar')
    await exportBundle(new KeepingEngine(), other, {
      references: [REFERENCE],
      version: '0.1.1',
      onProgress: () => undefined,
    })
    expect(statSync(other).size).toBe(statSync(BUNDLE).size)
    const path = changed((bytes) => bytes)
    const engine = new KeepingEngine()
    const evidence = { ...NOTHING, sha256: exported.sha256 }
    const importing = importSample(engine, path, evidence, [REFERENCE], ({ message, progress }) => {
      if (message.startsWith('comparing the checksum') && progress === 1) writeFileSync(path, readFileSync(other))
    })
    await expect(importing).rejects.toMatchObject({
      kind: 'BadRequest',
      message: expect.stringContaining('was changed after its checksum had been computed'),
    })
    expect(engine.loaded.size).toBe(0)
  })

  it('when the configuration of an image is changed after all was checked, then the image is not loaded', async () => {
    const path = changed((bytes) => bytes)
    const engine = new KeepingEngine()
    const importing = importSample(engine, path, UNVERIFIED, [REFERENCE], ({ message }) => {
      if (!message.startsWith('loading')) return
      const bytes = readFileSync(path)
      bytes.write('"Cmd":["ls"]', bytes.indexOf('"Cmd":["sh"]'))
      writeFileSync(path, bytes)
    })
    await expect(importing).rejects.toMatchObject({
      kind: 'BadRequest',
      message: expect.stringContaining('is damaged'),
    })
    expect(engine.loaded.size).toBe(0)
  })
})

describe('signatures', () => {
  it('given a bundle signed with a trusted key, then it is taken; with another key, or another bundle, it is not', async () => {
    for (const name of ['mine', 'other']) {
      const { privateKey, publicKey } = makeKeyPair()
      writeFileSync(join(folder, name), privateKey)
      writeFileSync(join(folder, `${name}.pub`), publicKey)
    }
    const signed = join(folder, 'signed.tar')
    await exportSample(signed, { privateKey: await readKey(join(folder, 'mine'), 'private') })
    const [mine, other] = await Promise.all(
      ['mine', 'other'].map((name) => readKey(join(folder, `${name}.pub`), 'public')),
    )
    if (mine === undefined || other === undefined) throw new Error('no keys')
    const { trust } = await importSample(new KeepingEngine(), signed, { ...NOTHING, keys: [other, mine] })
    expect(trust.words).toMatch(/^signed with the key [0-9a-f]{16}$/)
    const engine = new KeepingEngine()
    await expect(importSample(engine, signed, { ...NOTHING, keys: [other] })).rejects.toThrow(
      /none of those that you trust/,
    )
    await expect(importSample(engine, BUNDLE, { ...NOTHING, keys: [mine] })).rejects.toThrow(/has no signature/)
    const bytes = readFileSync(signed)
    bytes[bytes.length - 2000] = (bytes[bytes.length - 2000] ?? 0) ^ 1
    writeFileSync(signed, bytes)
    await expect(importSample(engine, signed, { ...NOTHING, keys: [mine] })).rejects.toThrow(/not one of this bundle/)
    expect(engine.loaded.size).toBe(0)
  })

  it('given a key of another kind, then it is told', async () => {
    await expect(readKey(BUNDLE, 'public')).rejects.toMatchObject({ kind: 'BadRequest' })
  })
})

describe('given a damaged bundle', () => {
  const flip = (position: number, bit: number) => (bytes: Buffer) => {
    bytes[position] = (bytes[position] ?? 0) ^ (1 << bit)
    return bytes
  }

  it('with one flipped bit anywhere, then it is refused and nothing is loaded, even where nothing else speaks for it', async () => {
    const { length } = readFileSync(BUNDLE)
    const positions = fastCheck.integer({ min: 0, max: length - 1 })
    await fastCheck.assert(
      fastCheck.asyncProperty(positions, fastCheck.integer({ min: 0, max: 7 }), async (position, bit) => {
        const engine = new KeepingEngine()
        const path = changed(flip(position, bit))
        await expect(importSample(engine, path, UNVERIFIED)).rejects.toMatchObject({ kind: 'BadRequest' })
        await expect(importSample(engine, path, { ...NOTHING, sha256: exported.sha256 })).rejects.toMatchObject({
          kind: 'BadRequest',
        })
        expect(engine.loaded.size).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  it('with one flipped bit in a header, in each file, in padding or at the end, then the place is named', async () => {
    const { length } = readFileSync(BUNDLE)
    for (const { name, offset, sizeBytes } of await filesOf(BUNDLE)) {
      const places = [
        offset - 512 + 100,
        offset,
        offset + sizeBytes - 1,
        ...(sizeBytes % 512 === 0 ? [] : [offset + sizeBytes]),
      ]
      for (const place of places) {
        const path = changed(flip(place, 3))
        await expect(importSample(new KeepingEngine(), path, UNVERIFIED), `${name} ${place}`).rejects.toMatchObject({
          kind: 'BadRequest',
        })
      }
    }
    await expect(importSample(new KeepingEngine(), changed(flip(length - 1, 0)), UNVERIFIED)).rejects.toThrow(
      'its last 1024 bytes',
    )
  })

  it.each([0, 100, 600, 4000, 200_000])('cut short to %i bytes, then it is told what is missing', async (kept) => {
    const { length } = readFileSync(BUNDLE)
    const path = changed((bytes) => bytes.subarray(0, kept))
    const message =
      kept < 512
        ? /is no bundle of Node Lab/
        : kept < 3000
          ? /at least \d+ bytes are missing/
          : `${length - kept} bytes of ${length} are missing`
    const evidence = { ...NOTHING, sha256: exported.sha256 }
    await expect(importSample(new KeepingEngine(), path, evidence)).rejects.toThrow(message)
  })

  it('with bytes behind its end, then it is refused', async () => {
    const path = changed((bytes) => Buffer.concat([bytes, Buffer.from('more')]))
    await expect(importSample(new KeepingEngine(), path, UNVERIFIED)).rejects.toThrow('has 4 bytes more')
  })
})

it('given an import that is killed between two images, then the next one loads only what is missing', async () => {
  const both = join(folder, 'two.tar')
  const second = 'node-lab.invalid/second:aaaaaaaaaaaa'
  await exportBundle(new KeepingEngine(), both, {
    references: [REFERENCE, second],
    version: '0.1.0',
    onProgress: () => undefined,
  })
  const engine = new KeepingEngine()
  engine.failAfter(1)
  await expect(importSample(engine, both, NOTHING, [REFERENCE, second])).rejects.toThrow('killed')
  engine.failAfter(2)
  expect(await importSample(engine, both, NOTHING, [REFERENCE, second])).toMatchObject({
    loaded: [second],
    present: [REFERENCE],
  })
})
