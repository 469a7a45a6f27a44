/**
 * `node-lab.json`, the first file of a bundle: which images there are, for which processors, and the digest of everything
 * that follows. It is hostile until its checksum has been compared: what is read from it is what is known here, in bounds.
 */
import { IMAGE_PREFIX } from '../../../common/engine-labels.ts'
import { LabError } from '../../../common/lab-error.ts'

/** Changed when bundles change in a way that an older Node Lab cannot read. */
export const BUNDLE_FORMAT = 'node-lab-images/1'

/** Bounds of what a bundle may be: several times what ours are. Sizes are in bytes. */
export const BUNDLE_LIMITS = {
  manifestBytes: 1024 * 1024,
  images: 64,
  layersPerImage: 16,
  configurationBytes: 64 * 1024,
  textBytes: 4 * 1024 * 1024,
  compressedLayerBytes: 2 * 1024 ** 3,
  layerBytes: 4 * 1024 ** 3,
  /** All layers, unpacked. */
  unpackedBytes: 16 * 1024 ** 3,
  /** Unpacked to packed; for what is beyond it a megabyte is allowed to everyone. */
  ratio: 200,
} as const

/** Architectures as engines call them. */
const ARCHITECTURES = ['amd64', 'arm64'] as const

export interface BundleBlob {
  /** `sha256:…` of the bytes in the bundle. */
  digest: string
  sizeBytes: number
}

export interface BundleLayer extends BundleBlob {
  /** `sha256:…` of the layer unpacked, and its size. */
  diffId: string
  unpackedBytes: number
}

export interface BundleImage {
  /** As the engine will call it: `node-lab.invalid/NAME:HASH`. */
  reference: string
  architecture: string
  /** RFC 3339. */
  created: string
  configuration: BundleBlob
  /** The lowest first. */
  layers: BundleLayer[]
}

export interface BundleManifest {
  format: typeof BUNDLE_FORMAT
  /** Version of the Node Lab that wrote it. */
  version: string
  images: BundleImage[]
  /** What is for people: the list of packages, and where their sources are. */
  packages: BundleBlob
  sources: BundleBlob
}

export function serializeManifest(manifest: BundleManifest): string {
  return `${JSON.stringify(manifest, undefined, 1)}\n`
}

/** @throws BadRequest with what is wrong in it; unknown fields have no effect */
export function parseManifest(text: string): BundleManifest {
  const document = asObject(parseJson(text), 'the manifest')
  if (document['format'] !== BUNDLE_FORMAT)
    throw wrong(
      `the format is ${JSON.stringify(document['format'])}, and this Node Lab reads ${BUNDLE_FORMAT}`,
      'Use the bundle of this version of Node Lab.',
    )
  const images = asList(document['images'], 'images', BUNDLE_LIMITS.images).map(readImage)
  const manifest: BundleManifest = {
    format: BUNDLE_FORMAT,
    version: asText(document['version'], 'version', /^[\w.+-]{1,64}$/),
    images,
    packages: readBlob(document['packages'], 'packages', BUNDLE_LIMITS.textBytes),
    sources: readBlob(document['sources'], 'sources', BUNDLE_LIMITS.textBytes),
  }
  checkTogether(manifest)
  return manifest
}

function checkTogether({ images }: BundleManifest): void {
  const references = images.map(({ reference }) => reference)
  const twice = references.find((reference, index) => references.indexOf(reference) !== index)
  if (twice !== undefined) throw wrong(`${twice} is in it twice`)
  const layers = new Map(images.flatMap((image) => image.layers.map((layer) => [layer.digest, layer] as const)))
  const unpackedBytes = [...layers.values()].reduce((sum, layer) => sum + layer.unpackedBytes, 0)
  if (unpackedBytes > BUNDLE_LIMITS.unpackedBytes) throw wrong(`its layers have ${unpackedBytes} bytes`)
  for (const layer of images.flatMap((image) => image.layers)) {
    const same = layers.get(layer.digest)
    if (JSON.stringify(same) !== JSON.stringify(layer)) throw wrong(`it says two things of the layer ${layer.digest}`)
  }
}

const REFERENCE = new RegExp(`^${IMAGE_PREFIX.replace('.', '\\.')}/[a-z][a-z0-9-]{0,62}:[0-9a-f]{12}$`)
const DIGEST = /^sha256:[0-9a-f]{64}$/
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/

function readImage(value: unknown, index: number): BundleImage {
  const at = `images[${index}]`
  const image = asObject(value, at)
  return {
    reference: asText(image['reference'], `${at}.reference`, REFERENCE),
    architecture: asText(image['architecture'], `${at}.architecture`, new RegExp(`^(${ARCHITECTURES.join('|')})$`)),
    created: asText(image['created'], `${at}.created`, DATE),
    configuration: readBlob(image['configuration'], `${at}.configuration`, BUNDLE_LIMITS.configurationBytes),
    layers: asList(image['layers'], `${at}.layers`, BUNDLE_LIMITS.layersPerImage).map((layer, position) =>
      readLayer(layer, `${at}.layers[${position}]`),
    ),
  }
}

function readLayer(value: unknown, at: string): BundleLayer {
  const { unpackedBytes, diffId } = asObject(value, at)
  const layer = {
    ...readBlob(value, at, BUNDLE_LIMITS.compressedLayerBytes),
    diffId: asText(diffId, `${at}.diffId`, DIGEST),
    unpackedBytes: asSize(unpackedBytes, `${at}.unpackedBytes`, BUNDLE_LIMITS.layerBytes),
  }
  if (layer.unpackedBytes > layer.sizeBytes * BUNDLE_LIMITS.ratio + 1024 * 1024)
    throw wrong(`${at} would become ${layer.unpackedBytes} bytes out of ${layer.sizeBytes}`)
  return layer
}

function readBlob(value: unknown, at: string, limit: number): BundleBlob {
  const { digest, sizeBytes } = asObject(value, at)
  return {
    digest: asText(digest, `${at}.digest`, DIGEST),
    sizeBytes: asSize(sizeBytes, `${at}.sizeBytes`, limit),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw wrong(`it is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function asObject(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(`${at} is no object`)
  return value as Record<string, unknown>
}

function asList(value: unknown, at: string, limit: number): unknown[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > limit)
    throw wrong(`${at} is no list of 1 to ${limit}`)
  return value
}

function asText(value: unknown, at: string, pattern: RegExp): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw wrong(`${at} is ${JSON.stringify(value)?.slice(0, 100)}`)
  return value
}

function asSize(value: unknown, at: string, limit: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1 || value > limit)
    throw wrong(`${at} is ${JSON.stringify(value)?.slice(0, 100)}, and may be 1 to ${limit}`)
  return value
}

function wrong(what: string, remedy?: string): LabError {
  return new LabError({
    kind: 'BadRequest',
    message: `the bundle's manifest is wrong: ${what}`,
    ...(remedy !== undefined && { remedy }),
  })
}
