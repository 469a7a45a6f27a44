/**
 * Under which names a node has its images. An engine has more than a node should show: images that Node Lab brings along are
 * there by hashes, for each version of it that was used, and beside them are those that nodes are made from.
 */
import { parseImageReference } from '../../common/api/image-reference.ts'
import { IMAGE_INPUTS_LABEL, IMAGE_PREFIX } from '../../common/engine-labels.ts'
import type { ImageCatalogue } from '../../common/images/catalogue.ts'
import { resolveCatalogueImage } from '../../common/images/resolve-catalogue-image.ts'
import type { EngineImage } from './engine-types.ts'

/** An image that a container or sandbox of the node was made from. */
export interface UsedImage {
  id: string
  /** As its manifest has it; absent for a sandbox. */
  name?: string
}

export interface ImageNames {
  repoTags: string[]
  repoDigests: string[]
}

/**
 * One of the catalogue has its public names, and those by which containers of the node use it. Another one has the engine's, without
 * those that the catalogue answers: who asks for them gets the catalogue's image.
 */
export function computeImageNames(
  image: EngineImage,
  catalogue: ImageCatalogue,
  used: readonly UsedImage[],
): ImageNames {
  const tags = image.RepoTags ?? []
  const answered = (name: string): string | undefined => resolveCatalogueImage(catalogue, name)?.reference
  const brought = catalogue.enabled ? catalogue.images.filter(({ reference }) => tags.includes(reference)) : []
  const usedNames = used.flatMap(({ name }) => (name === undefined ? [] : [name])).sort()
  const repoTags = [
    ...brought.flatMap(({ listedNames }) => listedNames),
    ...usedNames.filter((name) => brought.some(({ reference }) => reference === answered(name))),
    ...tags.filter((tag) => !isOwnName(tag) && answered(tag) === undefined),
  ]
  const repoDigests = (image.RepoDigests ?? []).filter((name) => !isOwnName(name))
  return { repoTags: unique(repoTags.map(normalise)), repoDigests: unique(repoDigests.map(normalise)) }
}

/**
 * Whether a node's list has the image: not one that only Node Lab itself has a use for. What is used stays, as an image does
 * whose name was given to a newer one.
 */
export function isListed(
  image: EngineImage,
  { repoTags, repoDigests }: ImageNames,
  used: readonly UsedImage[],
): boolean {
  if (repoTags.length > 0 || repoDigests.length > 0) return true
  return !isMadeByNodeLab(image) || used.some(({ id }) => id === image.Id)
}

/** What people know an image of the catalogue by; any other is named as it is. */
export function computePublicName(reference: string, catalogue: ImageCatalogue): string {
  return catalogue.images.find((image) => image.reference === reference)?.listedNames[0] ?? reference
}

/** One without a name is known by its label, which whatever was built on it has as well. */
function isMadeByNodeLab({ RepoTags, RepoDigests, Labels }: EngineImage): boolean {
  const names = [...(RepoTags ?? []), ...(RepoDigests ?? [])]
  return names.length > 0 ? names.every(isOwnName) : Labels?.[IMAGE_INPUTS_LABEL] !== undefined
}

function isOwnName(name: string): boolean {
  return name.startsWith(`${IMAGE_PREFIX}/`)
}

/** `nginx:1.27` → `docker.io/library/nginx:1.27`: engines leave out what containerd writes. */
function normalise(name: string): string {
  const parsed = parseImageReference(name)
  if (!parsed.ok) return name
  const { repository, tag, digest } = parsed.reference
  return digest === undefined ? `${repository}:${tag ?? 'latest'}` : `${repository}@${digest}`
}

function unique(names: string[]): string[] {
  return [...new Set(names)]
}
