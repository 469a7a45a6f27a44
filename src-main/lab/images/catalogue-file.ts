/** `resources/images/catalogue.yaml`: which names in manifests our workload images answer to. */
import { parse } from 'yaml'
import type { ImageCatalogue } from '../../common/images/catalogue.ts'
import { LabError } from '../../common/lab-error.ts'

export interface CatalogueFileEntry {
  image: string
  title: string
  repositories: string[]
  tags: string
  /** See `CatalogueImage.listedNames`; `{version}` stands for that of what is inside. */
  listed?: string[]
}

/** @throws Internal: the file is part of the product */
export function parseCatalogueFile(text: string): CatalogueFileEntry[] {
  const document: unknown = parse(text)
  const images: unknown =
    typeof document === 'object' && document !== null && 'images' in document ? document.images : []
  if (!Array.isArray(images) || !images.every(isEntry))
    throw new LabError({ kind: 'Internal', message: 'resources/images/catalogue.yaml has a wrong form' })
  for (const { tags } of images) new RegExp(tags)
  return images
}

function isEntry(value: unknown): value is CatalogueFileEntry {
  if (typeof value !== 'object' || value === null) return false
  const entry = value as Record<string, unknown>
  const { repositories, listed = [] } = entry
  return (
    [entry['image'], entry['title'], entry['tags']].every((text) => typeof text === 'string') &&
    isTexts(repositories) &&
    isTexts(listed)
  )
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
}

/** @param images by their short name: engine reference and version of what is inside */
export function computeCatalogue(
  entries: CatalogueFileEntry[],
  images: Map<string, { reference: string; version: string }>,
): ImageCatalogue {
  return {
    enabled: true,
    images: entries.flatMap(({ image, title, repositories, tags, listed = [] }) => {
      const found = images.get(image)
      if (found === undefined) return []
      const withVersion = (text: string): string => text.replace('{version}', found.version)
      return [
        {
          reference: found.reference,
          title: withVersion(title),
          repositories,
          tagPattern: tags,
          listedNames: listed.map(withVersion),
        },
      ]
    }),
  }
}
