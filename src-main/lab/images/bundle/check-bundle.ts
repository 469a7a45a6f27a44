/** Every byte of a bundle against its manifest, without an engine: what has passed here holds together. */
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { LabError } from '../../../common/lab-error.ts'
import { type BundleFile, COPY_AGAIN } from './bundle-file.ts'
import { blobName, BLOCK_BYTES, computeTarHeader, END_BYTES, padded, type PlacedFile } from './bundle-layout.ts'
import type { BundleImage, BundleLayer, BundleManifest } from './bundle-manifest.ts'
import { checkDigest, createUnpacking } from './digest-check.ts'
import { checkImageConfiguration } from './image-configuration.ts'

/** Short name of an image, for messages: `node` of `node-lab.invalid/node:0123…`. */
export function shortName({ reference }: BundleImage): string {
  return reference.slice(reference.indexOf('/') + 1, reference.lastIndexOf(':'))
}

/**
 * Headers, padding, digests of all files, digests of the unpacked layers, and the images' configurations.
 * @throws BadRequest with what is wrong where
 */
export async function checkBundle(
  bundle: BundleFile,
  onProgress: (step: { message: string; progress?: number }) => void,
  signal?: AbortSignal,
): Promise<BundleManifest> {
  const manifest = await bundle.readManifest()
  const layers = new Map<string, { layer: BundleLayer; what: string }>()
  for (const image of manifest.images)
    for (const [index, layer] of image.layers.entries())
      layers.set(blobName(layer.digest), { layer, what: `layer ${index + 1} of the ${shortName(image)} image` })
  for (const file of bundle.files) {
    signal?.throwIfAborted()
    onProgress({ message: `checking ${bundle.name}`, progress: file.offset / bundle.sizeBytes })
    await checkFrame(bundle, file)
    const found = layers.get(file.name)
    if (found === undefined) await checkFile(bundle, file)
    else await checkLayer(bundle, found.layer, found.what)
  }
  const end = await bundle.readBetween(bundle.sizeBytes - END_BYTES, END_BYTES)
  if (end.some((byte) => byte !== 0)) throw damaged(bundle, 'its last 1024 bytes')
  for (const image of manifest.images) {
    const text = await bundle.readFile(bundle.find(blobName(image.configuration.digest)))
    checkImageConfiguration(text.toString('utf8'), image)
  }
  return manifest
}

/** Header before a file and padding after it. */
async function checkFrame(bundle: BundleFile, { name, sizeBytes, offset }: PlacedFile): Promise<void> {
  const header = await bundle.readBetween(offset - BLOCK_BYTES, BLOCK_BYTES)
  if (!header.equals(computeTarHeader(name, sizeBytes))) throw damaged(bundle, `the header of ${name}`)
  const padding = await bundle.readBetween(offset + sizeBytes, padded(sizeBytes) - sizeBytes)
  if (padding.some((byte) => byte !== 0)) throw damaged(bundle, `the padding of ${name}`)
}

async function checkFile(bundle: BundleFile, file: PlacedFile): Promise<void> {
  await pipeline(bundle.streamFile(file), checkDigest(file, `${file.name} in ${bundle.name}`), nowhere())
}

async function checkLayer(bundle: BundleFile, layer: BundleLayer, what: string): Promise<void> {
  const packed = checkDigest(layer, `${what} in ${bundle.name}`)
  try {
    await pipeline(
      bundle.streamBlob(layer),
      packed,
      createUnpacking(),
      checkDigest({ digest: layer.diffId, sizeBytes: layer.unpackedBytes }, `${what} in ${bundle.name}, unpacked,`),
      nowhere(),
    )
  } catch (error) {
    if (error instanceof LabError) throw error
    throw new LabError(
      { kind: 'BadRequest', message: `${what} in ${bundle.name} cannot be unpacked`, remedy: COPY_AGAIN },
      { cause: error },
    )
  }
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, callback) => callback() })
}

function damaged(bundle: BundleFile, where: string): LabError {
  return new LabError({ kind: 'BadRequest', message: `${bundle.name} is damaged: ${where}`, remedy: COPY_AGAIN })
}
