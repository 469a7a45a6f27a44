/** What a runtime service is told when it is started: whose containers it looks after, and where. */
import type { CatalogueImage, ImageCatalogue } from '../../common/images/catalogue.ts'
import { RUNTIME_ENVIRONMENT } from '../../common/node-layout.ts'

export interface ServiceOptions {
  lab: string
  node: string
  /** Engine name of the node container. */
  nodeContainer: string
  /** The node's named volume. */
  volume: string
  /** The lab's network. */
  network: string
  pauseImage: string
  catalogue: ImageCatalogue
}

/** @throws Error that names the variable at fault. */
export function readServiceOptions(environment: Record<string, string | undefined>): ServiceOptions {
  const read = (key: Exclude<keyof typeof RUNTIME_ENVIRONMENT, 'catalogue'>): string => {
    const value = environment[RUNTIME_ENVIRONMENT[key]]
    if (value === undefined || value === '') throw new Error(`${RUNTIME_ENVIRONMENT[key]} is not set`)
    return value
  }
  return {
    lab: read('lab'),
    node: read('node'),
    nodeContainer: read('nodeContainer'),
    volume: read('volume'),
    network: read('network'),
    pauseImage: read('pauseImage'),
    catalogue: parseCatalogue(environment[RUNTIME_ENVIRONMENT.catalogue] ?? ''),
  }
}

function parseCatalogue(text: string): ImageCatalogue {
  if (text === '') return { enabled: false, images: [] }
  const fail = (problem: string): never => {
    throw new Error(`${RUNTIME_ENVIRONMENT.catalogue} ${problem}`)
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    return fail(`is not JSON: ${(error as Error).message}`)
  }
  if (!isCatalogue(parsed)) return fail('is not an image catalogue')
  return parsed
}

function isCatalogue(value: unknown): value is ImageCatalogue {
  if (typeof value !== 'object' || value === null) return false
  const { enabled, images } = value as Partial<ImageCatalogue>
  return typeof enabled === 'boolean' && Array.isArray(images) && images.every(isCatalogueImage)
}

function isCatalogueImage(value: unknown): value is CatalogueImage {
  if (typeof value !== 'object' || value === null) return false
  const { reference, title, repositories, tagPattern, listedNames } = value as Partial<CatalogueImage>
  return (
    typeof reference === 'string' &&
    typeof title === 'string' &&
    typeof tagPattern === 'string' &&
    isTexts(repositories) &&
    isTexts(listedNames)
  )
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
}
