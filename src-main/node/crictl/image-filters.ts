/** `crictl images --filter`. */
import type { CriImage } from '../../container-runtime/cri.ts'
import { CrictlError } from './verb.ts'

/** @param images in the order of the list, which is what `before` and `since` speak of @throws CrictlError */
export function filterImages(images: readonly CriImage[], filters: readonly string[]): CriImage[] {
  return filters.reduce((found, filter) => applyFilter(found, filter), [...images])
}

function applyFilter(images: CriImage[], filter: string): CriImage[] {
  const [, kind, value = ''] = /^(\w+)=(.*)$/s.exec(filter) ?? []
  switch (kind) {
    case 'dangling':
      return images.filter(({ repoTags }) => (repoTags.length === 0) === (value === 'true'))
    case 'reference': {
      const pattern = new RegExp(value)
      return images.filter((image) => repositoriesOf(image).some((repository) => pattern.test(repository)))
    }
    case 'since':
      return upTo(images, value)
    case 'before':
      return upTo(images.toReversed(), value).reverse()
    default:
      throw new CrictlError(`unknown filter flag: ${filter}`)
  }
}

/** cri-tools looks at the list from its beginning (`since`) or its end (`before`), up to the image that is named. */
function upTo(images: CriImage[], name: string): CriImage[] {
  const end = images.findIndex(
    ({ id, repoTags, repoDigests }) =>
      repoTags.includes(name) ||
      repoDigests.includes(name) ||
      (name !== '' && id.replace(/^sha256:/, '').startsWith(name)),
  )
  return end < 0 ? images : images.slice(0, end)
}

function repositoriesOf({ repoTags, repoDigests }: CriImage): string[] {
  return [
    ...repoTags.map((tag) => tag.replace(/:[^:/]*$/, '')),
    ...repoDigests.map((digest) => digest.replace(/@.*$/, '')),
  ]
}
