/**
 * Images as the engine saves them, taken apart: configurations, and layers packed one by one into a folder. A layer that was
 * packed before a broken off export is taken as it is.
 */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'
import { extract } from 'tar-stream'
import { LabError } from '../../../common/lab-error.ts'
import type { Engine } from '../../engine/engine.ts'
import { hasCode } from '../../store/error-code.ts'
import { BUNDLE_LIMITS, type BundleLayer } from './bundle-manifest.ts'
import { PackageCollector, type FoundPackages } from './package-collector.ts'

/** A tenth smaller than the default, and five times as long: a bundle is written once and copied often. */
const COMPRESSION_LEVEL = 9

export interface PackedLayer extends BundleLayer {
  /** Of the packed layer on this disk. */
  path: string
  packages: FoundPackages
}

export interface SavedImage {
  reference: string
  configuration: string
  layers: PackedLayer[]
}

/** @param folder kept until the bundle is whole. @throws NotFound when the engine has lost an image */
export async function saveImages(
  engine: Engine,
  references: readonly string[],
  folder: string,
  onProgress: (step: { message: string; progress?: number }) => void,
  signal?: AbortSignal,
): Promise<SavedImage[]> {
  onProgress({ message: 'waiting for the engine to hand over the images' })
  const archive = extract()
  const saved = await engine.saveImages(references)
  saved.on('error', (error) => archive.destroy(error)).pipe(archive)
  const texts = new Map<string, string>()
  const layers = new Map<string, PackedLayer>()
  try {
    for await (const entry of archive) {
      const size = entry.header.size ?? 0
      signal?.throwIfAborted()
      if (entry.header.type !== 'file') entry.resume()
      else if (size <= BUNDLE_LIMITS.configurationBytes && !entry.header.name.endsWith('.tar'))
        await readSmall(entry, entry.header.name, texts, layers, folder)
      else {
        const layer = await packLayer(entry, entry.header.name, size, folder, onProgress, signal)
        layers.set(layer.diffId, layer)
      }
    }
  } finally {
    saved.destroy()
  }
  return findImages(texts, layers, references)
}

/** A small file is a text, or a small layer. */
async function readSmall(
  entry: AsyncIterable<unknown>,
  name: string,
  texts: Map<string, string>,
  layers: Map<string, PackedLayer>,
  folder: string,
): Promise<void> {
  const chunks: Uint8Array[] = []
  for await (const chunk of entry) chunks.push(chunk as Uint8Array)
  const content = Buffer.concat(chunks)
  // Neither an empty file, nor one that begins as JSON does, is a tarball.
  if (content.length === 0 || '{["'.includes(String.fromCharCode(content[0] ?? 0))) {
    texts.set(name, content.toString('utf8'))
    return
  }
  const layer = await packLayer([content], name, content.length, folder, () => undefined)
  layers.set(layer.diffId, layer)
}

/** What is kept beside a packed layer, written after it. */
type LayerRecord = Omit<PackedLayer, 'path'>

async function packLayer(
  content: AsyncIterable<unknown> | Uint8Array[],
  name: string,
  sizeBytes: number,
  folder: string,
  onProgress: (step: { message: string; progress?: number }) => void,
  signal?: AbortSignal,
): Promise<PackedLayer> {
  const draft = join(folder, 'layer.draft')
  const known = await findPacked(folder, /(?:^|\/)sha256\/([0-9a-f]{64})$/.exec(name)?.[1], sizeBytes)
  if (known !== undefined) {
    for await (const _ of content) continue
    return known
  }
  const megabytes = Math.ceil(sizeBytes / 1e6)
  const [unpacked, packed] = [measure(onRead), measure()]
  const collector = new PackageCollector()
  function onRead(chunk: Uint8Array, bytes: number): void {
    collector.write(chunk)
    onProgress({ message: `packing a layer of ${megabytes} MB`, progress: bytes / sizeBytes })
  }
  const compress = createZstdCompress({
    params: { [constants.ZSTD_c_compressionLevel]: COMPRESSION_LEVEL, [constants.ZSTD_c_checksumFlag]: 1 },
  })
  await pipeline(content, unpacked.stream, compress, packed.stream, createWriteStream(draft), {
    ...(signal !== undefined && { signal }),
  })
  const record: LayerRecord = {
    diffId: unpacked.digest(),
    unpackedBytes: unpacked.bytes(),
    digest: packed.digest(),
    sizeBytes: packed.bytes(),
    packages: await collector.end(),
  }
  const path = join(folder, `${record.diffId.slice('sha256:'.length)}.zst`)
  await rename(draft, path)
  await writeFile(`${path}.json.draft`, JSON.stringify(record))
  await rename(`${path}.json.draft`, `${path}.json`)
  return { ...record, path }
}

/** A layer that an earlier try has packed, if it is what it was. */
async function findPacked(
  folder: string,
  hash: string | undefined,
  sizeBytes: number,
): Promise<PackedLayer | undefined> {
  if (hash === undefined) return undefined
  const path = join(folder, `${hash}.zst`)
  try {
    const record = JSON.parse(await readFile(`${path}.json`, 'utf8')) as LayerRecord
    const present = measure()
    await pipeline(createReadStream(path), present.stream, async (chunks: AsyncIterable<unknown>) => {
      for await (const _ of chunks) continue
    })
    const isWhole = present.digest() === record.digest && record.unpackedBytes === sizeBytes
    return isWhole ? { ...record, path } : undefined
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !(error instanceof SyntaxError)) throw error
    await rm(`${path}.json`, { force: true })
    return undefined
  }
}

/** Digest and size of what passes through. */
function measure(onChunk?: (chunk: Uint8Array, bytes: number) => void): {
  stream: Transform
  digest: () => string
  bytes: () => number
} {
  const hash = createHash('sha256')
  let bytes = 0
  const stream = new Transform({
    transform(chunk: Uint8Array, _encoding, callback) {
      hash.update(chunk)
      bytes += chunk.length
      onChunk?.(chunk, bytes)
      callback(null, chunk)
    },
  })
  return { stream, digest: () => `sha256:${hash.digest('hex')}`, bytes: () => bytes }
}

interface SavedManifestEntry {
  Config: string
  RepoTags: string[] | null
}

function findImages(
  texts: Map<string, string>,
  layers: Map<string, PackedLayer>,
  references: readonly string[],
): SavedImage[] {
  const manifest = JSON.parse(texts.get('manifest.json') ?? '[]') as SavedManifestEntry[]
  return references.map((reference) => {
    const entry = manifest.find(({ RepoTags }) => RepoTags?.includes(reference))
    const configuration = entry === undefined ? undefined : texts.get(entry.Config)
    if (configuration === undefined)
      throw new LabError({ kind: 'Internal', message: `the engine has not handed over the image ${reference}` })
    const { rootfs } = JSON.parse(configuration) as { rootfs: { diff_ids: string[] } }
    const own = rootfs.diff_ids.map((diffId) => {
      const layer = layers.get(diffId)
      if (layer !== undefined) return layer
      throw new LabError({
        kind: 'Internal',
        message: `the engine has changed a layer of ${reference}: ${diffId} is not there`,
      })
    })
    return { reference, configuration, layers: own }
  })
}
