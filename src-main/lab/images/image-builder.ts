/** From a recipe to an image in the engine, making only what has changed. */
import { createHash } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { labStep, type LabStep } from '../../common/lab/lab-texts.ts'
import { IMAGE_INPUTS_LABEL, IMAGE_PREFIX } from '../../common/engine-labels.ts'
import { isLabError } from '../../common/lab-error.ts'
import type { Engine } from '../engine/engine.ts'
import type { DebianPackages } from './debian/debian-packages.ts'
import {
  computeConfiguration,
  computeImageArchive,
  readFromDisk,
  type ImageArchive,
  streamImageArchive,
} from './image-archive.ts'
import { type Layer, readLayer, removeLayer, writeLayer } from './layer.ts'
import type { ImageRecipe, LayerRecipe } from './recipes/recipe.ts'

/** On images: version of the program that the image is about. */
export const IMAGE_VERSION_LABEL = 'io.node-lab.image-version'

/** On images: digests of the layers, the lowest first, separated by commas. */
export const IMAGE_LAYERS_LABEL = 'io.node-lab.image-layers'

/** Changed when the way of writing layers or images changes. */
const BUILDER_VERSION = 2

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** @param architecture the engine's word for the processor that the layer is for, such as `amd64` */
export function layerHash(recipe: LayerRecipe, architecture: string): string {
  return shortHash(JSON.stringify([BUILDER_VERSION, architecture, recipe.name, recipe.inputs]))
}

/** Hash of all that the image depends on; it is the image's tag. */
export function imageHash(recipe: ImageRecipe, architecture: string): string {
  const layers = recipe.layers.map((layer) => layerHash(layer, architecture))
  return shortHash(JSON.stringify([recipe.name, recipe.settings, layers]))
}

export function imageReference(recipe: ImageRecipe, architecture: string): string {
  return `${IMAGE_PREFIX}/${recipe.name}:${imageHash(recipe, architecture)}`
}

export interface BuildContext {
  packages: DebianPackages
  /** The engine's, which is this machine's too: only its packages can be unpacked and its programs asked here. */
  architecture: string
  /** Folder of the layers' tarballs. */
  folder: string
  onProgress: (step: LabStep) => void
  /** Makes layers again that are there already. */
  force: boolean
}

/** Makes the image and loads it into the engine. */
export async function buildImage(engine: Engine, recipe: ImageRecipe, context: BuildContext): Promise<void> {
  const layers: Layer[] = []
  let version = ''
  for (const layerRecipe of recipe.layers) {
    const layer = await ensureLayer(layerRecipe, layers.at(-1), context)
    if (layer.version !== '') version ||= layer.version
    layers.push(layer)
  }
  context.onProgress(labStep('image-load', { image: recipe.name }))
  const labels = {
    [IMAGE_INPUTS_LABEL]: imageHash(recipe, context.architecture),
    [IMAGE_VERSION_LABEL]: version,
    [IMAGE_LAYERS_LABEL]: layers.map(({ diffId }) => diffId).join(','),
  }
  const reference = imageReference(recipe, context.architecture)
  const configuration = computeConfiguration(layers, { ...recipe.settings, labels }, context.architecture)
  const archive = computeImageArchive(reference, configuration, layers.map(readFromDisk))
  await loadArchive(engine, reference, archive)
}

/**
 * Sends only the layers that the engine lacks, so that a new program is a matter of a second; an engine that wants them
 * all (one with containerd's image store) gets them all.
 */
export async function loadArchive(engine: Engine, reference: string, archive: ImageArchive): Promise<void> {
  const present = await engine.listImages({ [IMAGE_LAYERS_LABEL]: true })
  const known = present.map(({ labels }) => labels[IMAGE_LAYERS_LABEL]?.split(',') ?? [])
  const omit = computeKnownLayers(
    archive.layers.map(({ diffId }) => diffId),
    known,
  )
  if (omit > 0) {
    try {
      await engine.loadImage(streamImageArchive(archive, omit))
      if ((await engine.inspectImage(reference))?.id === archive.imageId) return
    } catch (error) {
      // The whole image is sent next; if the engine is what failed, that fails too and is told.
      if (!isLabError(error)) throw error
    }
  }
  await engine.loadImage(streamImageArchive(archive))
}

/** How many of the lowest layers are those of an image that the engine has; an upper layer is never left out alone. */
export function computeKnownLayers(layers: string[], images: string[][]): number {
  const common = images.map((image) => {
    const different = layers.findIndex((layer, index) => layer !== image[index])
    return different < 0 ? layers.length : different
  })
  return Math.max(0, ...common)
}

async function ensureLayer(recipe: LayerRecipe, below: Layer | undefined, context: BuildContext): Promise<Layer> {
  await mkdir(context.folder, { recursive: true })
  const path = join(context.folder, `${recipe.name}-${layerHash(recipe, context.architecture)}.tar`)
  const present = context.force ? undefined : await readLayer(path)
  if (present !== undefined) return present
  context.onProgress(labStep('layer-make', { layer: recipe.name }))
  const belowCreated = below === undefined ? undefined : new Date(below.created)
  const content = await recipe.make({ packages: context.packages, onProgress: context.onProgress, belowCreated })
  const layer = await writeLayer(content.tree, path, content.created, recipe.description, content.version ?? '')
  await removeOtherLayers(context.folder, recipe.name, path)
  return layer
}

/** Tarballs of older inputs; the engine has what it needs of them. */
async function removeOtherLayers(folder: string, name: string, keep: string): Promise<void> {
  for (const file of await readdir(folder)) {
    const path = join(folder, file)
    if (new RegExp(`^${name}-[0-9a-f]{12}\\.tar$`).test(file) && path !== keep) await removeLayer(path)
  }
}
