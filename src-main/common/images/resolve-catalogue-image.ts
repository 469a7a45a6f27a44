/** Which image of the catalogue, if any, answers to the name that a manifest uses (design §9). */
import { parseImageReference } from '../api/image-reference.ts'
import type { CatalogueImage, ImageCatalogue } from './catalogue.ts'

/**
 * The first catalogue image one of whose repositories is the image's and whose tag pattern matches the whole tag (a
 * missing tag is `latest`). A name with a digest asks for exact bytes, so nothing of the catalogue answers to it; nor does
 * anything to a name that cannot be parsed, or when the catalogue is switched off.
 * @throws SyntaxError when a `tagPattern` of the catalogue is no regular expression, which is a fault of the catalogue.
 */
export function resolveCatalogueImage(catalogue: ImageCatalogue, image: string): CatalogueImage | undefined {
  if (!catalogue.enabled) return undefined
  const parsed = parseImageReference(image)
  if (!parsed.ok || parsed.reference.digest !== undefined) return undefined
  const { repository, tag = 'latest' } = parsed.reference
  return catalogue.images.find(
    (candidate) =>
      candidate.repositories.some((name) => normalisedRepository(name) === repository) &&
      new RegExp(`^(?:${candidate.tagPattern})$`).test(tag),
  )
}

function normalisedRepository(name: string): string | undefined {
  const parsed = parseImageReference(name)
  return parsed.ok ? parsed.reference.repository : undefined
}
