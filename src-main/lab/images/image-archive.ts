/** An image as the tarball that `docker load` reads: a manifest, a configuration, and one tarball for each layer. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pack, type Pack } from 'tar-stream'
import type { Layer } from './layer.ts'

/** How containers of the image start, and what it says of itself. */
export interface ImageSettings {
  entrypoint?: string[]
  command?: string[]
  environment?: Record<string, string>
  user?: string
  workingFolder?: string
  stopSignal?: string
  ports?: number[]
  labels: Record<string, string>
}

/** A layer as a tarball that is read when it is sent. */
export interface ArchiveLayer extends Pick<Layer, 'diffId' | 'sizeBytes'> {
  /** The uncompressed tarball. */
  open: () => Readable
}

export interface ImageArchive {
  /** As the engine will call it: `sha256:…` of the configuration. */
  imageId: string
  configuration: string
  manifest: string
  layers: ArchiveLayer[]
}

/** The engine's word for this machine's processor. */
export function computeArchitecture(nodeArchitecture: string): string {
  return nodeArchitecture === 'x64' ? 'amd64' : nodeArchitecture
}

/** The configuration of an image, as text whose digest is the image's id. */
export function computeConfiguration(layers: readonly Layer[], settings: ImageSettings, architecture: string): string {
  const created =
    layers
      .map((layer) => layer.created)
      .sort()
      .at(-1) ?? new Date(0).toISOString()
  return JSON.stringify({
    architecture,
    os: 'linux',
    created,
    config: {
      Env: Object.entries({
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        ...settings.environment,
      }).map(([name, value]) => `${name}=${value}`),
      ...(settings.entrypoint === undefined ? {} : { Entrypoint: settings.entrypoint }),
      ...(settings.command === undefined ? {} : { Cmd: settings.command }),
      ...(settings.user === undefined ? {} : { User: settings.user }),
      ...(settings.workingFolder === undefined ? {} : { WorkingDir: settings.workingFolder }),
      ...(settings.stopSignal === undefined ? {} : { StopSignal: settings.stopSignal }),
      ...(settings.ports === undefined
        ? {}
        : { ExposedPorts: Object.fromEntries(settings.ports.map((port) => [`${port}/tcp`, {}])) }),
      Labels: settings.labels,
    },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    history: layers.map((layer) => ({ created: layer.created, created_by: layer.description })),
  })
}

/** @param configuration as `computeConfiguration` makes it, or as it came with an image */
export function computeImageArchive(
  reference: string,
  configuration: string,
  layers: readonly ArchiveLayer[],
): ImageArchive {
  const id = createHash('sha256').update(configuration).digest('hex')
  const manifest = JSON.stringify([
    { Config: `${id}.json`, RepoTags: [reference], Layers: layers.map((layer) => layerName(layer)) },
  ])
  return { imageId: `sha256:${id}`, configuration, manifest, layers: [...layers] }
}

/** A layer on disk. */
export function readFromDisk(layer: Layer): ArchiveLayer {
  return { diffId: layer.diffId, sizeBytes: layer.sizeBytes, open: () => createReadStream(layer.path) }
}

function layerName(layer: ArchiveLayer): string {
  return `${layer.diffId.slice('sha256:'.length)}/layer.tar`
}

/**
 * The tarball as a stream, read from the layers' files as the engine takes it.
 * @param omit the number of lowest layers whose content is left out, because the engine has them
 */
export function streamImageArchive(archive: ImageArchive, omit = 0): Readable {
  const tarball = pack()
  const fill = async (): Promise<void> => {
    await writeText(tarball, `${archive.imageId.slice('sha256:'.length)}.json`, archive.configuration)
    await writeText(tarball, 'manifest.json', archive.manifest)
    for (const layer of archive.layers.slice(omit)) {
      const entry = tarball.entry({ name: layerName(layer), size: layer.sizeBytes, mode: 0o644, mtime: new Date(0) })
      await pipeline(layer.open(), entry)
    }
    tarball.finalize()
  }
  fill().catch((error: unknown) => tarball.destroy(error instanceof Error ? error : new Error(String(error))))
  return Readable.from(tarball)
}

function writeText(tarball: Pack, name: string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    tarball.entry({ name, mode: 0o644, mtime: new Date(0) }, text, (error) =>
      error === null || error === undefined ? resolve() : reject(error),
    )
  })
}
