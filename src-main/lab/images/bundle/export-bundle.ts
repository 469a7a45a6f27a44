/** Images of the engine into a bundle: the same images give the same bytes. */
import { constants, createReadStream } from 'node:fs'
import { access, type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createHash, type KeyObject } from 'node:crypto'
import { Readable } from 'node:stream'
import { type Clock, systemClock } from '../../../base/clock.ts'
import { LabError } from '../../../common/lab-error.ts'
import type { Engine } from '../../engine/engine.ts'
import { hasCode } from '../../store/error-code.ts'
import { withFileLock } from '../../store/file-lock.ts'
import { writeAtomically } from '../../store/write-atomically.ts'
import { BundleFile } from './bundle-file.ts'
import {
  computeLayout,
  computeTarHeader,
  digestOf,
  END_BYTES,
  PACKAGES_FILE,
  padded,
  type PlacedFile,
  SOURCES_FILE,
} from './bundle-layout.ts'
import {
  BUNDLE_FORMAT,
  type BundleBlob,
  type BundleImage,
  type BundleManifest,
  serializeManifest,
} from './bundle-manifest.ts'
import { computePackagesTable, computeSourcesText, mergePackagesTables } from './bundle-papers.ts'
import { signBundle } from './bundle-signature.ts'
import { checksumPath, signaturePath } from './bundle-trust.ts'
import { checkBundle, shortName } from './check-bundle.ts'
import { checkDigest } from './digest-check.ts'
import { type SavedImage, saveImages } from './saved-images.ts'

export interface ExportOptions {
  /** References of the images; all of the engine's architecture. */
  references: readonly string[]
  /** Version of Node Lab. */
  version: string
  /** A bundle whose images for other architectures are taken over. */
  other?: string
  /** Signs the bundle. */
  privateKey?: KeyObject
  onProgress: (step: { message: string; progress?: number }) => void
  clock?: Clock
  signal?: AbortSignal
}

export interface ExportResult {
  images: BundleImage[]
  sizeBytes: number
  /** In hexadecimal digits. */
  sha256: string
}

/** Where a blob of the new bundle comes from. */
type BlobSource = () => Readable

/**
 * Writes `path`, its checksum beside it, and with a key its signature. Until all is whole, it lies in `path.partial`, which
 * the next try goes on from.
 * @throws BadRequest when `other` is damaged
 */
export async function exportBundle(engine: Engine, path: string, options: ExportOptions): Promise<ExportResult> {
  await requirePlace(path)
  const folder = `${path}.partial`
  const lock = {
    clock: options.clock ?? systemClock(),
    file: `${path}.lock`,
    ...(options.signal !== undefined && { signal: options.signal }),
    onWait: (owner: number) =>
      options.onProgress({ message: `waiting for process ${owner}, which is writing ${basename(path)}` }),
  }
  return withFileLock(lock, async () => {
    await mkdir(folder, { recursive: true })
    const other = options.other === undefined ? undefined : await BundleFile.open(options.other)
    try {
      const result = await writeBundle(engine, path, folder, other, options)
      await rm(folder, { recursive: true, force: true })
      return result
    } finally {
      await other?.close()
    }
  })
}

/** Told before the work, not after it. @throws BadRequest */
async function requirePlace(path: string): Promise<void> {
  const present = await stat(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined
    throw error
  })
  if (present !== undefined && !present.isFile())
    throw new LabError({ kind: 'BadRequest', message: `${path} is there already, and no file` })
  await access(dirname(path), constants.W_OK).catch((error: unknown) => {
    throw new LabError(
      { kind: 'BadRequest', message: `there is no folder ${dirname(path)} that can be written to` },
      { cause: error },
    )
  })
}

async function writeBundle(
  engine: Engine,
  path: string,
  folder: string,
  other: BundleFile | undefined,
  options: ExportOptions,
): Promise<ExportResult> {
  const { onProgress, signal } = options
  const blobs = new Map<string, BlobSource>()
  const architecture = await engine.architecture()
  const saved = await saveImages(engine, options.references, folder, onProgress, signal)
  const images = saved.map((image) => addSavedImage(image, architecture, blobs))
  const tables = [
    computePackagesTable(
      images.map((image, index) => ({ ...image, name: shortName(image), layers: saved[index]?.layers ?? [] })),
    ),
  ]
  if (other !== undefined) {
    const manifest = await checkBundle(other, onProgress, signal)
    const others = manifest.images.filter((image) => image.architecture !== architecture)
    for (const blob of others.flatMap(({ configuration, layers }) => [configuration, ...layers]))
      blobs.set(blob.digest, () => other.streamBlob(blob))
    images.push(...others)
    const table = (await other.readFile(other.find(PACKAGES_FILE))).toString('utf8').split('\n')
    tables.push(table.filter((line) => line.split('\t')[1] !== architecture).join('\n'))
  }
  const texts = new Map([
    [PACKAGES_FILE, mergePackagesTables(tables)],
    [SOURCES_FILE, computeSourcesText()],
  ])
  const manifest: BundleManifest = {
    format: BUNDLE_FORMAT,
    version: options.version,
    images: images.sort((left, right) => (left.reference < right.reference ? -1 : 1)),
    packages: blobOf(texts.get(PACKAGES_FILE) ?? ''),
    sources: blobOf(texts.get(SOURCES_FILE) ?? ''),
  }
  const draft = join(folder, 'bundle')
  const content = (file: PlacedFile): Readable => {
    const text = file.text ?? texts.get(file.name)
    if (text !== undefined) return Readable.from([Buffer.from(text)])
    const source = blobs.get(file.digest)
    if (source === undefined) throw new LabError({ kind: 'Internal', message: `the bundle has no ${file.name}` })
    return source()
  }
  const { sha256, sizeBytes } = await writeFiles(draft, manifest, content, onProgress, signal)
  await publish(draft, path, sha256, options.privateKey)
  return { images: manifest.images, sizeBytes, sha256 }
}

function addSavedImage(image: SavedImage, architecture: string, blobs: Map<string, BlobSource>): BundleImage {
  const configuration = blobOf(image.configuration)
  blobs.set(configuration.digest, () => Readable.from([Buffer.from(image.configuration)]))
  for (const { digest, path } of image.layers) blobs.set(digest, () => createReadStream(path))
  const { created } = JSON.parse(image.configuration) as { created: string }
  return {
    reference: image.reference,
    architecture,
    created,
    configuration,
    layers: image.layers.map(({ digest, sizeBytes, diffId, unpackedBytes }) => ({
      digest,
      sizeBytes,
      diffId,
      unpackedBytes,
    })),
  }
}

function blobOf(text: string): BundleBlob {
  return { digest: digestOf(text), sizeBytes: Buffer.byteLength(text) }
}

async function writeFiles(
  draft: string,
  manifest: BundleManifest,
  content: (file: PlacedFile) => Readable,
  onProgress: ExportOptions['onProgress'],
  signal: AbortSignal | undefined,
): Promise<{ sha256: string; sizeBytes: number }> {
  const layout = computeLayout(manifest, serializeManifest(manifest))
  const hash = createHash('sha256')
  const handle = await open(draft, 'w')
  try {
    const write = async (bytes: Uint8Array): Promise<void> => {
      hash.update(bytes)
      await writeAll(handle, bytes)
    }
    for (const file of layout.files) {
      signal?.throwIfAborted()
      onProgress({ message: 'writing the bundle', progress: file.offset / layout.sizeBytes })
      await write(computeTarHeader(file.name, file.sizeBytes))
      for await (const chunk of content(file).compose(checkDigest(file, file.name))) await write(chunk as Uint8Array)
      await write(Buffer.alloc(padded(file.sizeBytes) - file.sizeBytes))
    }
    await write(Buffer.alloc(END_BYTES))
    await handle.sync()
  } finally {
    await handle.close()
  }
  return { sha256: hash.digest('hex'), sizeBytes: layout.sizeBytes }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0
  while (written < bytes.length) written += (await handle.write(bytes, written)).bytesWritten
}

/** What spoke for an older bundle goes first: at no time does it stand beside a new one. */
async function publish(draft: string, path: string, sha256: string, privateKey: KeyObject | undefined): Promise<void> {
  await rm(checksumPath(path), { force: true })
  await rm(signaturePath(path), { force: true })
  await rename(draft, path)
  if (privateKey !== undefined) await writeAtomically(signaturePath(path), signBundle(sha256, privateKey))
  await writeAtomically(checksumPath(path), `${sha256}  ${basename(path)}\n`)
}
