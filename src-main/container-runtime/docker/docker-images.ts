/** ImageService over the engine: the lab's image catalogue first, then what the engine has, then what it can pull. */
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import { parseImageReference } from '../../common/api/image-reference.ts'
import { LAB_LABEL, NODE_LABEL, ROLE_LABEL, type EngineRole } from '../../common/engine-labels.ts'
import { resolveCatalogueImage } from '../../common/images/resolve-catalogue-image.ts'
import { CriError } from '../cri.ts'
import type { AuthConfig, CriImage, ImageService, ImageSpec, VerboseInfo } from '../cri.ts'
import { ENGINE_MOUNTPOINT } from './docker-stats.ts'
import { isEngineStatus, toCriError } from './engine-client.ts'
import type { EngineClient } from './engine-client.ts'
import { IMAGE_LABEL } from './engine-labels.ts'
import type { EngineContainerSummary, EngineImage } from './engine-types.ts'
import { computeImageNames, isListed, type ImageNames, type UsedImage } from './image-names.ts'
import { PULL_STALL_LIMIT_MS, pullImage } from './pull-image.ts'
import type { PullContext } from './pull-image.ts'
import { computePullRefusal } from './pull-policy.ts'
import type { PullableRegistries } from './pull-policy.ts'
import type { ServiceOptions } from './service-options.ts'
import { describeImage } from './verbose-info.ts'

const POD_ROLES = new Set<string | undefined>(['sandbox', 'container'] satisfies EngineRole[])

export class DockerImages implements ImageService {
  readonly #engine: EngineClient
  readonly #options: ServiceOptions
  readonly #clock: Clock
  readonly #pulls: PullContext
  readonly #registries: PullableRegistries

  constructor(parts: {
    engine: EngineClient
    options: ServiceOptions
    clock: Clock
    logger: Logger
    stallLimitMs?: number
    registries?: PullableRegistries
  }) {
    const { engine, clock, logger, stallLimitMs = PULL_STALL_LIMIT_MS } = parts
    this.#engine = engine
    this.#options = parts.options
    this.#clock = clock
    this.#pulls = { engine, clock, logger, stallLimitMs }
    this.#registries = parts.registries ?? 'elsewhere'
  }

  async listImages(filter?: { image?: string }): Promise<CriImage[]> {
    if (filter?.image !== undefined) {
      const image = await this.imageStatus({ image: filter.image })
      return image === undefined ? [] : [image]
    }
    const { catalogue } = this.#options
    const [images, used] = await Promise.all([
      this.#engine.json<EngineImage[]>('/images/json').catch(throwCri),
      this.#listUsed(),
    ])
    return images.flatMap((image) => {
      const names = computeImageNames(image, catalogue, used)
      return isListed(image, names, used) ? [toCriImage(image, names)] : []
    })
  }

  /** Its names are those of the list; one that no list has yet has that by which it was asked for. */
  async imageStatus({ image }: ImageSpec): Promise<CriImage | undefined> {
    const [found, used] = await Promise.all([this.#find(image), this.#listUsed()])
    if (found === undefined) return undefined
    const { catalogue } = this.#options
    const names = computeImageNames(found, catalogue, used)
    if (names.repoTags.length > 0 || this.#catalogueReference(image) === undefined) return toCriImage(found, names)
    return toCriImage(found, computeImageNames(found, catalogue, [...used, { id: found.Id, name: image }]))
  }

  async imageInfo(image: ImageSpec): Promise<VerboseInfo> {
    const found = await this.#find(image.image)
    return found === undefined ? {} : describeImage(found)
  }

  async pullImage(image: ImageSpec, auth?: AuthConfig): Promise<string> {
    const brought = this.#catalogueReference(image.image)
    const present = brought === undefined ? undefined : await this.#inspect(brought)
    if (present !== undefined) return present.Id
    const parsed = parseImageReference(image.image)
    if (!parsed.ok) throw new CriError('InvalidArgument', `"${image.image}" is not an image reference`)
    const refusal = computePullRefusal(parsed.reference, await this.#inspect(image.image), this.#registries)
    if (refusal !== undefined)
      throw new CriError('PermissionDenied', `image ${image.image}: ${refusal} (safety policy of Node Lab)`)
    await pullImage(this.#pulls, parsed.reference, auth)
    const pulled = await this.#inspect(image.image)
    if (pulled === undefined) throw new CriError('NotFound', `${image.image} was pulled and is gone again`)
    return pulled.Id
  }

  /** The engine's images are shared with all nodes and with the user's own work: no node may remove one. */
  async removeImage(image: ImageSpec): Promise<void> {
    const found = await this.#find(image.image)
    if (found === undefined) return
    const user = await this.#findUser(found.Id)
    if (user !== undefined)
      throw new CriError(
        'FailedPrecondition',
        `conflict: unable to delete ${image.image} (cannot be forced) - image is being used by ${user.State} container ${user.Id.slice(0, 12)}`,
      )
    throw new CriError(
      'PermissionDenied',
      `image ${image.image} is kept: all nodes and this computer's other containers share it (safety policy of Node Lab)`,
    )
  }

  async imageFsInfo(): ReturnType<ImageService['imageFsInfo']> {
    const { LayersSize } = await this.#engine
      .json<{ LayersSize: number }>('/system/df', { query: { type: 'image' } })
      .catch(throwCri)
    const timestamp = BigInt(this.#clock.now()) * 1_000_000n
    return [{ mountpoint: ENGINE_MOUNTPOINT, usedBytes: BigInt(Math.max(0, LayersSize)), inodesUsed: 0n, timestamp }]
  }

  /** The id of the image that a container is to be made from. @throws CriError NotFound */
  async resolveId(image: string): Promise<string> {
    if (/^sha256:[0-9a-f]{64}$/.test(image)) return image
    const found = await this.#find(image)
    if (found === undefined) throw new CriError('NotFound', `image ${image} is not present on this node`)
    return found.Id
  }

  /** A container of this node that was made from the image. */
  async #findUser(imageId: string): Promise<EngineContainerSummary | undefined> {
    return (await this.#listContainers()).find(({ ImageID }) => ImageID === imageId)
  }

  /** What pods of this node were made from: the node itself is none. */
  async #listUsed(): Promise<UsedImage[]> {
    const containers = await this.#listContainers()
    const ofPods = containers.filter(({ Labels }) => POD_ROLES.has(Labels?.[ROLE_LABEL]))
    return ofPods.map(({ ImageID, Labels }) => {
      const name = Labels?.[IMAGE_LABEL]
      return { id: ImageID, ...(name === undefined ? {} : { name }) }
    })
  }

  #listContainers(): Promise<EngineContainerSummary[]> {
    const { lab, node } = this.#options
    const filters = JSON.stringify({ label: [`${LAB_LABEL}=${lab}`, `${NODE_LABEL}=${node}`] })
    return this.#engine
      .json<EngineContainerSummary[]>('/containers/json', { query: { all: 'true', filters } })
      .catch(throwCri)
  }

  #catalogueReference(image: string): string | undefined {
    return resolveCatalogueImage(this.#options.catalogue, image)?.reference
  }

  async #find(image: string): Promise<EngineImage | undefined> {
    const brought = this.#catalogueReference(image)
    const found = brought === undefined ? undefined : await this.#inspect(brought)
    return found ?? this.#inspect(image)
  }

  async #inspect(reference: string): Promise<EngineImage | undefined> {
    try {
      return await this.#engine.json<EngineImage>(`/images/${encodeURIComponent(reference)}/json`)
    } catch (error) {
      if (isEngineStatus(error, 404)) return undefined
      throw toCriError(error)
    }
  }
}

function throwCri(error: unknown): never {
  throw toCriError(error)
}

/** A numeric user is `uid`, with or without a group; a name is `username`. */
export function toCriImage(image: EngineImage, names: ImageNames): CriImage {
  const user = (image.Config?.User ?? '').split(':')[0] ?? ''
  return {
    id: image.Id,
    ...names,
    size: BigInt(Math.max(0, image.Size)),
    ...(/^\d+$/.test(user) ? { uid: BigInt(user), username: '' } : { username: user }),
  }
}
