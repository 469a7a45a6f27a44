/** The entry to this folder: all images that a lab needs, made if need be, in the engine. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { labStep, type LabStep } from '../../common/lab/lab-texts.ts'
import { type Clock, systemClock } from '../../base/clock.ts'
import { IMAGE_INPUTS_LABEL } from '../../common/engine-labels.ts'
import type { ImageCatalogue } from '../../common/images/catalogue.ts'
import { LabError } from '../../common/lab-error.ts'
import type { Engine } from '../engine/engine.ts'
import { withFileLock } from '../store/file-lock.ts'
import { computeArchitecture } from './image-archive.ts'
import { requireImageMaking, withImportRemedy } from './require-image-making.ts'
import { cacheFolder, IMAGES_LOCK } from './cache-folder.ts'
import { computeCatalogue, parseCatalogueFile } from './catalogue-file.ts'
import { DebianPackages } from './debian/debian-packages.ts'
import { readFolderFiles } from './folder-files.ts'
import { buildImage, IMAGE_VERSION_LABEL, imageReference } from './image-builder.ts'
import { retireOldImages } from './image-history.ts'
import { ensureNodePrograms, NODE_PROGRAMS_FOLDER } from './node-programs.ts'
import { findNodeProgram, findProductFolder, readNodeVersion } from './product-folder.ts'
import { agentsRecipe } from './recipes/agents.ts'
import { busyboxRecipe } from './recipes/busybox.ts'
import { CONTROL_PLANE_PROGRAM, controlPlaneRecipe } from './recipes/control-plane.ts'
import { etcdRecipe } from './recipes/etcd.ts'
import { nginxRecipe } from './recipes/nginx.ts'
import { nodeRecipe } from './recipes/node.ts'
import { pauseRecipe } from './recipes/pause.ts'
import { IMAGE_SUITE, type ImageRecipe } from './recipes/recipe.ts'

export interface ImageSet {
  /** Engine reference of the node image. */
  node: string
  /** Engine reference of the pause image. */
  pause: string
  catalogue: ImageCatalogue
}

export interface EnsureImagesOptions {
  onProgress?: (step: LabStep) => void
  /** Makes all images again, with the packages that the mirror has now. */
  force?: boolean
  clock?: Clock
  /** Stops before the next image; those that are made stay. */
  signal?: AbortSignal
}

interface Recipes {
  node: ImageRecipe
  pause: ImageRecipe
  others: ImageRecipe[]
  /** The engine's, in its own word. */
  architecture: string
}

/** In the order in which they are made: what others stand on comes first. */
function listRecipes({ pause, others, node }: Recipes): ImageRecipe[] {
  return [pause, ...others, node]
}

/**
 * Recipes from the product's files as they are now; bundles the programs for nodes first if their sources changed. Works on
 * machines that can make no images, too: they have to know which ones they need.
 */
async function readRecipes(engine: Engine, product: string, onProgress: (step: LabStep) => void): Promise<Recipes> {
  await ensureNodePrograms(product, onProgress)
  const resources = join(product, 'resources/images')
  const bundles = readFolderFiles(join(product, NODE_PROGRAMS_FOLDER), 'usr/lib/node-lab/')
  const programs = bundles.filter(({ path }) => path.endsWith('.js'))
  const rootfs = readFolderFiles(join(resources, 'node/rootfs'))
  const base = { nodeProgram: () => findNodeProgram(product), nodeVersion: readNodeVersion(product) }
  return {
    architecture: await engine.architecture(),
    node: nodeRecipe({
      ...base,
      rootfs,
      programs: programs.filter(({ path }) => !CONTROL_PLANE_PROGRAM.test(path)),
    }),
    pause: pauseRecipe,
    others: [
      busyboxRecipe,
      nginxRecipe(resources),
      etcdRecipe,
      agentsRecipe(readFolderFiles(join(resources, 'agents/rootfs'))),
      controlPlaneRecipe({
        ...base,
        rootfs: [
          ...rootfs.filter(({ path }) => path.endsWith('/name-process.cjs')),
          ...readFolderFiles(join(resources, 'control-plane/rootfs')),
        ],
        programs: programs.filter(({ path }) => CONTROL_PLANE_PROGRAM.test(path)),
      }),
    ],
  }
}

/** Version labels of the images of ours that the engine has, by reference. */
async function listOwnImages(engine: Engine): Promise<Map<string, string>> {
  const images = await engine.listImages({ [IMAGE_INPUTS_LABEL]: true })
  return new Map(
    images.flatMap((image) => image.tags.map((tag) => [tag, image.labels[IMAGE_VERSION_LABEL] ?? ''] as const)),
  )
}

/**
 * All images of Node Lab, in the engine. What is there already costs nothing; the first time takes about half a minute.
 * @throws Unavailable with the remedy when they are missing and cannot be made here
 */
export async function ensureImages(engine: Engine, options: EnsureImagesOptions = {}): Promise<ImageSet> {
  const product = findProductFolder()
  const report = (step: LabStep): void => options.onProgress?.(step)
  const recipes = await readRecipes(engine, product, report)
  const { architecture } = recipes
  const all = listRecipes(recipes)
  const isMissing = (present: Map<string, string>) => (recipe: ImageRecipe) =>
    options.force === true || !present.has(imageReference(recipe, architecture))
  let present = await listOwnImages(engine)
  if (all.some(isMissing(present))) {
    const names = all.filter(isMissing(present)).map(({ name }) => name)
    const machine = { platform: process.platform, architecture: computeArchitecture(process.arch) }
    requireImageMaking(names, machine, architecture)
    const folder = await cacheFolder()
    const context = {
      architecture,
      packages: new DebianPackages(folder, IMAGE_SUITE),
      folder: join(folder, 'layers'),
      force: options.force === true,
    }
    await withFileLock(
      {
        clock: options.clock ?? systemClock(),
        file: join(folder, IMAGES_LOCK),
        ...(options.signal !== undefined && { signal: options.signal }),
        onWait: (owner) => report(labStep('images-wait', { process: owner })),
      },
      async () => {
        const missing = all.filter(isMissing(await listOwnImages(engine)))
        for (const [index, recipe] of missing.entries()) {
          options.signal?.throwIfAborted()
          const progress = index / missing.length
          const onProgress = ({ message, text = { en: message, ko: message } }: LabStep): void =>
            options.onProgress?.(labStep('of-image', { image: recipe.name, text }, progress))
          await buildImage(engine, recipe, { ...context, onProgress }).catch((error: unknown) => {
            throw withImportRemedy(error)
          })
          await retireOldImages(engine, join(folder, 'images'), imageReference(recipe, architecture))
        }
      },
    )
    present = await listOwnImages(engine)
  }
  return computeImageSet(product, recipes, present)
}

/** What `ensureImages` would make, by name; with the images when it would make none. */
export async function lookForImages(
  engine: Engine,
  onProgress: (step: LabStep) => void,
): Promise<{ missing: string[]; images?: ImageSet }> {
  const product = findProductFolder()
  const recipes = await readRecipes(engine, product, onProgress)
  const present = await listOwnImages(engine)
  const missing = listRecipes(recipes)
    .filter((recipe) => !present.has(imageReference(recipe, recipes.architecture)))
    .map(({ name }) => name)
  return missing.length > 0 ? { missing } : { missing, images: computeImageSet(product, recipes, present) }
}

/** References of all images of this Node Lab, in the order in which they are made; the engine need not have them. */
export async function listNeededImages(engine: Engine, onProgress: (step: LabStep) => void): Promise<string[]> {
  const recipes = await readRecipes(engine, findProductFolder(), onProgress)
  return listRecipes(recipes).map((recipe) => imageReference(recipe, recipes.architecture))
}

function computeImageSet(product: string, recipes: Recipes, present: Map<string, string>): ImageSet {
  const images = new Map<string, { reference: string; version: string }>()
  for (const recipe of listRecipes(recipes)) {
    const reference = imageReference(recipe, recipes.architecture)
    const version = present.get(reference)
    if (version === undefined)
      throw new LabError({
        kind: 'Internal',
        message: `the engine has not kept the image ${reference} that was loaded`,
      })
    images.set(recipe.name, { reference, version })
  }
  const entries = parseCatalogueFile(readFileSync(join(product, 'resources/images/catalogue.yaml'), 'utf8'))
  return {
    node: imageReference(recipes.node, recipes.architecture),
    pause: imageReference(recipes.pause, recipes.architecture),
    catalogue: computeCatalogue(entries, images),
  }
}
