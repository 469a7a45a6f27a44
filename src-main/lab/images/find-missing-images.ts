/** Which images a manifest asks for that nobody has yet: told before it is put on a node, so that nothing is made or pulled for it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseImageReference } from '../../common/api/image-reference.ts'
import { resolveCatalogueImage } from '../../common/images/resolve-catalogue-image.ts'
import type { Engine } from '../engine/engine.ts'
import { computeCatalogue, parseCatalogueFile } from './catalogue-file.ts'
import { findProductFolder } from './product-folder.ts'

/** In the order of the question, each once; a name that is none cannot be missing. @throws Unavailable when the engine does not answer */
export async function findMissingImages(
  engine: Pick<Engine, 'inspectImage'>,
  images: readonly string[],
): Promise<string[]> {
  const entries = parseCatalogueFile(readFileSync(join(findProductFolder(), 'resources/images/catalogue.yaml'), 'utf8'))
  // A lab has all images of the catalogue before its first pod; which version each is does not matter here.
  const brought = new Map(entries.map(({ image }) => [image, { reference: image, version: '' }]))
  const catalogue = computeCatalogue(entries, brought)
  const asked = [...new Set(images)].filter(
    (image) => parseImageReference(image).ok && resolveCatalogueImage(catalogue, image) === undefined,
  )
  const present = await Promise.all(asked.map((image) => engine.inspectImage(image)))
  return asked.filter((_, index) => present[index] === undefined)
}
