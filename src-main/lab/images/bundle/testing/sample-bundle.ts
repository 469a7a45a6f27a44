/** A bundle of a small image, and engines that keep what they are given. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { extract, pack } from 'tar-stream'
import { IMAGE_INPUTS_LABEL } from '../../../../common/engine-labels.ts'
import type { EngineImage } from '../../../engine/engine.ts'
import { FakeEngine } from '../../../testing/fake-engine.ts'
import { PACKAGE_RECORDS_PATH } from '../../debian/package-records.ts'
import { FileTree } from '../../file-tree.ts'
import { computeConfiguration, computeImageArchive, type ImageArchive, readFromDisk } from '../../image-archive.ts'
import { type Layer, writeLayer } from '../../layer.ts'
import { BundleFile } from '../bundle-file.ts'
import type { readKey } from '../bundle-signature.ts'
import type { BundleEvidence } from '../bundle-trust.ts'
import { exportBundle, type ExportResult } from '../export-bundle.ts'
import { importBundle, type ImportResult } from '../import-bundle.ts'

export const REFERENCE = 'node-lab.invalid/sample:0123456789ab'
export const NOTHING: BundleEvidence = { keys: [], unverified: false }
export const UNVERIFIED: BundleEvidence = { keys: [], unverified: true }

/** Saves images of the layers given, and keeps what it is told to load. */
export class KeepingEngine extends FakeEngine {
  readonly loaded = new Map<string, string>()
  readonly #layers: readonly Layer[]
  readonly #architecture: string
  #loadsUntilFailure = Number.POSITIVE_INFINITY

  constructor(layers: readonly Layer[], architecture: string) {
    super()
    this.#layers = layers
    this.#architecture = architecture
  }

  failAfter(loads: number): void {
    this.#loadsUntilFailure = loads
  }

  override architecture(): Promise<string> {
    return Promise.resolve(this.#architecture)
  }

  override saveImages(references: readonly string[] = []): Promise<Readable> {
    const archives = references.map((reference) => archiveOf(this.#layers, reference, this.#architecture))
    const tarball = pack()
    for (const { imageId, configuration } of archives)
      tarball.entry({ name: `${imageId.slice('sha256:'.length)}.json` }, configuration)
    for (const { diffId, path } of this.#layers)
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

function archiveOf(layers: readonly Layer[], reference: string, architecture: string): ImageArchive {
  const labels = { [IMAGE_INPUTS_LABEL]: reference.slice(-12) }
  return computeImageArchive(
    reference,
    computeConfiguration(layers, { command: ['sh'], labels }, architecture),
    layers.map(readFromDisk),
  )
}

export class SampleBundle {
  readonly path: string
  /** Removed when it is disposed of. */
  readonly folder: string
  readonly #layers: readonly Layer[]

  constructor(folder: string, layers: readonly Layer[]) {
    this.path = join(folder, 'images.tar')
    this.folder = folder
    this.#layers = layers
  }

  get sha256(): string {
    return createHash('sha256').update(readFileSync(this.path)).digest('hex')
  }

  /** One that has the image to save, and nothing loaded. */
  engine(architecture = 'amd64'): KeepingEngine {
    return new KeepingEngine(this.#layers, architecture)
  }

  archiveOf(reference: string, architecture: string): ImageArchive {
    return archiveOf(this.#layers, reference, architecture)
  }

  export(
    path: string,
    options: { privateKey?: Awaited<ReturnType<typeof readKey>>; other?: string } = {},
    engine = this.engine(),
    reference = REFERENCE,
  ): Promise<ExportResult> {
    return exportBundle(engine, path, {
      references: [reference],
      version: '0.1.0',
      onProgress: () => undefined,
      ...options,
    })
  }

  /** A copy of the bundle with other bytes, and nothing beside it. */
  changed(change: (bytes: Buffer) => Buffer): string {
    const path = join(this.folder, 'changed.tar')
    writeFileSync(path, change(readFileSync(this.path)))
    return path
  }

  async files(): Promise<{ name: string; sizeBytes: number; offset: number }[]> {
    const bundle = await BundleFile.open(this.path)
    try {
      await bundle.readManifest()
      return bundle.files
    } finally {
      await bundle.close()
    }
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export async function makeSampleBundle(): Promise<SampleBundle> {
  const folder = mkdtempSync(join(tmpdir(), 'node-lab-bundle-'))
  const base = new FileTree()
  base.file('bin/sample', randomBytes(300_000), 0o755)
  base.file('usr/share/doc/sample/copyright', 'GPL-2+\n')
  base.file(PACKAGE_RECORDS_PATH, 'sample\t1.2-3+b1\tsample-source\t1.2-3\n')
  const top = new FileTree()
  top.file('etc/sample.conf', 'setting = 1\n')
  const layers = [
    await writeLayer(base, join(folder, 'base.tar'), new Date('2026-08-01T00:00:00Z'), 'base', '1.2'),
    await writeLayer(top, join(folder, 'top.tar'), new Date('2026-08-01T00:00:00Z'), 'top', ''),
  ]
  const sample = new SampleBundle(folder, layers)
  await sample.export(sample.path)
  return sample
}

export function importSample(
  engine: KeepingEngine,
  path: string,
  evidence: BundleEvidence,
  needed = [REFERENCE],
  onProgress: (step: { message: string; progress?: number }) => void = () => undefined,
): Promise<ImportResult> {
  return importBundle(engine, path, { evidence, needed, onProgress })
}
