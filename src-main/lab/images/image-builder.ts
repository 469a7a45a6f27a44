/** From a recipe to an image in the engine, making only what has changed. */
import { createHash } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { labStep, type LabStep } from '../../common/lab/lab-texts.ts'
import { IMAGE_INPUTS_LABEL, IMAGE_PREFIX } from '../../common/engine-labels.ts'
import { isLabError } from '../../common/lab-error.ts'
import type { Engine } from '../engine/engine.ts'
import type { DebianPackages } from './debian/debian-packages.ts'
import { computeArchitecture, computeImageArchive, type ImageArchive, streamImageArchive } from './image-archive.ts'
import { type Layer, readLayer, removeLayer, writeLayer } from './layer.ts'
import type { ImageRecipe, LayerRecipe } from './recipes/recipe.ts'

/** On images: version of the program that the image is about. */
export const IMAGE_VERSION_LABEL = 'io.node-lab.image-version'

/** On images: digests of the layers, the lowest first, separated by commas. */
const IMAGE_LAYERS_LABEL = 'io.node-lab.image-layers'

/** Changed when the way of writing layers or images changes. */
const BUILDER_VERSION = 1

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

export function layerHash(recipe: LayerRecipe): string {
  return shortHash(JSON.stringify([BUILDER_VERSION, process.arch, recipe.name, recipe.inputs]))
}

/** Hash of all that the image depends on; it is the image's tag. */
export function imageHash(recipe: ImageRecipe): string {
  return shortHash(JSON.stringify([recipe.name, recipe.settings, recipe.layers.map(layerHash)]))
}

export function imageReference(recipe: ImageRecipe): string {
  return `${IMAGE_PREFIX}/${recipe.name}:${imageHash(recipe)}`
}

export interface BuildContext {
  packages: DebianPackages
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
    [IMAGE_INPUTS_LABEL]: imageHash(recipe),
    [IMAGE_VERSION_LABEL]: version,
    [IMAGE_LAYERS_LABEL]: layers.map(({ diffId }) => diffId).join(','),
  }
  const archive = computeImageArchive(
    imageReference(recipe),
    layers,
    { ...recipe.settings, labels },
    computeArchitecture(process.arch),
  )
  await load(engine, imageReference(recipe), archive)
}

/**
 * Sends only the layers that the engine lacks, so that a new program is a matter of a second; an engine that wants them
 * all (one with containerd's image store) gets them all.
 */
async function load(engine: Engine, reference: string, archive: ImageArchive): Promise<void> {
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
  const path = join(context.folder, `${recipe.name}-${layerHash(recipe)}.tar`)
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
