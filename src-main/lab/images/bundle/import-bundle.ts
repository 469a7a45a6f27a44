/** Images of a bundle into the engine: nothing of it reaches the engine before all of it has been compared. */
import { pipeline, type Readable } from 'node:stream'
import { type Clock, systemClock } from '../../../base/clock.ts'
import { LabError } from '../../../common/lab-error.ts'
import type { Engine } from '../../engine/engine.ts'
import { withFileLock } from '../../store/file-lock.ts'
import { cacheFolder, IMAGES_LOCK } from '../cache-folder.ts'
import { type ArchiveLayer, computeImageArchive } from '../image-archive.ts'
import { loadArchive } from '../image-builder.ts'
import { BundleFile } from './bundle-file.ts'
import { blobName } from './bundle-layout.ts'
import type { BundleImage, BundleLayer, BundleManifest } from './bundle-manifest.ts'
import { type BundleEvidence, type BundleTrust, establishTrust } from './bundle-trust.ts'
import { checkBundle, shortName } from './check-bundle.ts'
import { checkDigest, createUnpacking } from './digest-check.ts'

export interface ImportOptions {
  evidence: BundleEvidence
  /** References of the images that this Node Lab needs on this engine. */
  needed: readonly string[]
  onProgress: (step: { message: string; progress?: number }) => void
  clock?: Clock
  /** Stops before the next image; those that are loaded stay. */
  signal?: AbortSignal
}

export interface ImportResult {
  trust: BundleTrust
  /** References. */
  loaded: string[]
  /** The engine had them already. */
  present: string[]
}

/**
 * Loads what the engine lacks of the needed images; one that is there already is never touched. A broken off import goes on
 * where it was when it is run again.
 * @throws Forbidden when nothing speaks for the bundle, BadRequest when it is damaged, Conflict when it is for another
 * architecture or another version of Node Lab
 */
export async function importBundle(engine: Engine, path: string, options: ImportOptions): Promise<ImportResult> {
  const { onProgress, signal } = options
  const bundle = await BundleFile.open(path)
  try {
    const trust = await establishTrust(bundle, options.evidence, onProgress)
    const wanted = chooseImages(await bundle.readManifest(), await engine.architecture(), options.needed, bundle.name)
    await checkBundle(bundle, onProgress, signal)
    const lock = {
      clock: options.clock ?? systemClock(),
      file: `${await cacheFolder()}/${IMAGES_LOCK}`,
      ...(signal !== undefined && { signal }),
      onWait: (owner: number) => onProgress({ message: `waiting for process ${owner}, which is making images` }),
    }
    return await withFileLock(lock, async () => {
      const [loaded, present]: [string[], string[]] = [[], []]
      for (const [index, image] of wanted.entries()) {
        signal?.throwIfAborted()
        if ((await engine.inspectImage(image.reference)) !== undefined) {
          present.push(image.reference)
          continue
        }
        onProgress({ message: `loading the ${shortName(image)} image`, progress: index / wanted.length })
        await loadImage(engine, bundle, image)
        loaded.push(image.reference)
      }
      return { trust, loaded, present }
    })
  } finally {
    await bundle.close()
  }
}

/** In the order in which they are needed. @throws Conflict with what the bundle is for instead */
export function chooseImages(
  { images, version }: BundleManifest,
  architecture: string,
  needed: readonly string[],
  bundle: string,
): BundleImage[] {
  const architectures = [...new Set(images.map((image) => image.architecture))].sort()
  if (!architectures.includes(architecture)) {
    throw new LabError({
      kind: 'Conflict',
      message: `the engine runs on ${architecture}, and ${bundle} has images for ${architectures.join(' and ')} only`,
      remedy: `Use a bundle with images for ${architecture}.`,
    })
  }
  const byReference = new Map(
    images.filter((image) => image.architecture === architecture).map((image) => [image.reference, image]),
  )
  const missing = needed.filter((reference) => !byReference.has(reference))
  if (missing.length > 0) {
    throw new LabError({
      kind: 'Conflict',
      message: `${bundle} belongs to another state of Node Lab (it calls itself ${version}): it lacks ${missing.join(', ')}`,
      remedy:
        'Use the bundle that was exported with the same version and the same sources; `node-lab images list FILE` says what is in one.',
    })
  }
  return needed.flatMap((reference) => byReference.get(reference) ?? [])
}

async function loadImage(engine: Engine, bundle: BundleFile, image: BundleImage): Promise<void> {
  const configuration = await bundle.readFile(bundle.find(blobName(image.configuration.digest)))
  const layers = image.layers.map((layer, index): ArchiveLayer => {
    const what = `layer ${index + 1} of the ${shortName(image)} image in ${bundle.name}`
    return { diffId: layer.diffId, sizeBytes: layer.unpackedBytes, open: () => openLayer(bundle, layer, what) }
  })
  await loadArchive(
    engine,
    image.reference,
    computeImageArchive(image.reference, configuration.toString('utf8'), layers),
  )
}

/** Compared once more on its way: the file lies on a disk that others can write to. */
function openLayer(bundle: BundleFile, layer: BundleLayer, what: string): Readable {
  const unpacked = checkDigest({ digest: layer.diffId, sizeBytes: layer.unpackedBytes }, what)
  return pipeline(bundle.streamBlob(layer), checkDigest(layer, what), createUnpacking(), unpacked, () => {
    // A failure destroys `unpacked` with it, and whoever reads that is told.
  })
}
