/**
 * Which files a bundle consists of, in which order, where each begins: a tarball that follows from its manifest to the last
 * byte. What is written and what is expected when it is read come from here both. Inside it is an OCI image layout, so
 * that other programs can read it.
 */
import { createHash } from 'node:crypto'
import type { BundleBlob, BundleImage, BundleManifest } from './bundle-manifest.ts'

export const MANIFEST_FILE = 'node-lab.json'
export const PACKAGES_FILE = 'PACKAGES.tsv'
export const SOURCES_FILE = 'SOURCES.md'
/** The last file, for `sha256sum -c` in an unpacked bundle. */
const CHECKSUMS_FILE = 'SHA256SUMS'

/** Size of a tarball's header, and what everything in it is padded to. */
export const BLOCK_BYTES = 512
/** Zeros that end a tarball. */
export const END_BYTES = 2 * BLOCK_BYTES

export interface BundleFileEntry {
  name: string
  sizeBytes: number
  /** `sha256:…` of the content. */
  digest: string
  /** Known beforehand, because it follows from the manifest. */
  text?: string
}

export interface PlacedFile extends BundleFileEntry {
  /** Of the content, in the bundle. */
  offset: number
}

export interface BundleLayout {
  files: PlacedFile[]
  /** Of the whole bundle. */
  sizeBytes: number
}

export function digestOf(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

export function blobName(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`
}

/** @param manifestText the manifest as it is in the bundle, of which `manifest` was read */
export function computeLayout(manifest: BundleManifest, manifestText: string): BundleLayout {
  const files = listFiles(manifest, manifestText)
  const checksums = files.map(({ name, digest }) => `${digest.slice('sha256:'.length)}  ${name}\n`).join('')
  let offset = 0
  const placed = [...files, textFile(CHECKSUMS_FILE, checksums)].map((file) => {
    const place = offset + BLOCK_BYTES
    offset = place + padded(file.sizeBytes)
    return { ...file, offset: place }
  })
  return { files: placed, sizeBytes: offset + END_BYTES }
}

function listFiles(manifest: BundleManifest, manifestText: string): BundleFileEntry[] {
  const ociManifests = manifest.images.map((image) => computeOciManifest(image))
  const files: BundleFileEntry[] = [
    textFile(MANIFEST_FILE, manifestText),
    { name: PACKAGES_FILE, ...manifest.packages },
    { name: SOURCES_FILE, ...manifest.sources },
    textFile('oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' })),
    textFile('index.json', computeOciIndex(manifest.images, ociManifests)),
  ]
  const blobs = new Map<string, BundleFileEntry>()
  const add = ({ digest, sizeBytes }: BundleBlob, text?: string): void => {
    const name = blobName(digest)
    if (!blobs.has(name)) blobs.set(name, { name, digest, sizeBytes, ...(text !== undefined && { text }) })
  }
  for (const [index, image] of manifest.images.entries()) {
    const text = ociManifests[index] ?? ''
    add({ digest: digestOf(text), sizeBytes: Buffer.byteLength(text) }, text)
    add(image.configuration)
    for (const layer of image.layers) add(layer)
  }
  return [...files, ...blobs.values()]
}

function textFile(name: string, text: string): BundleFileEntry {
  return { name, text, sizeBytes: Buffer.byteLength(text), digest: digestOf(text) }
}

export function padded(sizeBytes: number): number {
  return Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES
}

function computeOciManifest({ configuration, layers }: BundleImage): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: configuration.digest,
      size: configuration.sizeBytes,
    },
    layers: layers.map(({ digest, sizeBytes }) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd',
      digest,
      size: sizeBytes,
    })),
  })
}

function computeOciIndex(images: BundleImage[], ociManifests: string[]): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: images.map(({ reference, architecture }, index) => {
      const text = ociManifests[index] ?? ''
      return {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest: digestOf(text),
        size: Buffer.byteLength(text),
        platform: { architecture, os: 'linux' },
        annotations: {
          'io.containerd.image.name': reference,
          'org.opencontainers.image.ref.name': reference.slice(reference.lastIndexOf(':') + 1),
        },
      }
    }),
  })
}

/** The header of a plain file in a tarball (POSIX ustar): owner root, mode 0644, no date; the same bytes for the same file. */
export function computeTarHeader(name: string, sizeBytes: number): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES)
  const octal = (value: number, offset: number, digits: number): void => {
    header.write(value.toString(8).padStart(digits, '0'), offset, 'latin1')
  }
  header.write(name, 0, 100, 'latin1')
  octal(0o644, 100, 7)
  octal(0, 108, 7)
  octal(0, 116, 7)
  octal(sizeBytes, 124, 11)
  octal(0, 136, 11)
  header.write('0', 156, 'latin1')
  header.write('ustar\0', 257, 'latin1')
  header.write('00', 263, 'latin1')
  header.write('root', 265, 'latin1')
  header.write('root', 297, 'latin1')
  // The checksum counts its own field as blanks.
  header.fill(' ', 148, 156)
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  )
  header.write('\0 ', 154, 'latin1')
  return header
}

/** Size of the manifest, by the first header of what may be a bundle; `undefined` when it is none. */
export function readManifestSize(header: Buffer): number | undefined {
  const sizeBytes = Number.parseInt(header.toString('latin1', 124, 135), 8)
  if (!Number.isSafeInteger(sizeBytes)) return undefined
  return header.equals(computeTarHeader(MANIFEST_FILE, sizeBytes)) ? sizeBytes : undefined
}
