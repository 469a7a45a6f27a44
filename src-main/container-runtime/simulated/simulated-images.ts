/** The image half of the simulated runtime. */
import type { Clock } from '../../base/clock.ts'
import { delay } from '../../base/clock.ts'
import { CriError } from '../cri.ts'
import type { CriImage, ImageService, ImageSpec, VerboseInfo } from '../cri.ts'
import { normaliseReference } from './behaviour.ts'
import type { SimulatedImage } from './behaviour.ts'
import type { CallScript } from './call-script.ts'
import { simulatedId } from './simulated-state.ts'

interface ImageRecord extends SimulatedImage {
  id: string
}

export class SimulatedImages implements ImageService {
  #images = new Map<string, ImageRecord>()
  #serial = 0
  readonly #clock: Clock
  readonly #script: CallScript

  readonly #registry: (reference: string) => SimulatedImage | undefined

  /** @param registry what a pull finds of an image that was not set */
  constructor(clock: Clock, script: CallScript, registry: (reference: string) => SimulatedImage | undefined) {
    this.#clock = clock
    this.#script = script
    this.#registry = registry
  }

  /** Adds an image, or replaces the one of the same reference (keeping its id). */
  set(image: SimulatedImage): void {
    const key = normaliseReference(image.reference)
    const id = this.#images.get(key)?.id ?? `sha256:${simulatedId('image', ++this.#serial)}`
    this.#images.set(key, { ...image, id })
  }

  /** The id of a present image. */
  presentId(reference: string): string | undefined {
    return this.#present(reference)?.id
  }

  async listImages(filter?: { image?: string }): Promise<CriImage[]> {
    await this.#script.enter('listImages', [filter])
    const records = [...this.#images.values()].filter((record) => record.present)
    const wanted = filter?.image === undefined ? undefined : normaliseReference(filter.image)
    return records
      .filter((record) => wanted === undefined || normaliseReference(record.reference) === wanted)
      .map(toCriImage)
  }

  async imageStatus(image: ImageSpec): Promise<CriImage | undefined> {
    await this.#script.enter('imageStatus', [image])
    const record = this.#present(image.image)
    return record === undefined ? undefined : toCriImage(record)
  }

  /** Simulated images have no content to speak of. */
  async imageInfo(image: ImageSpec): Promise<VerboseInfo> {
    await this.#script.enter('imageInfo', [image])
    return {}
  }

  async pullImage(image: ImageSpec): Promise<string> {
    await this.#script.enter('pullImage', [image])
    const key = normaliseReference(image.image)
    const record = this.#images.get(key) ?? this.#fromRegistry(image.image)
    if (record?.pullMs !== undefined) await delay(this.#clock, record.pullMs)
    if (record === undefined) throw new CriError('NotFound', `failed to resolve reference "${key}": ${key}: not found`)
    if (record.pullError !== undefined) throw new CriError('Unknown', record.pullError)
    record.present = true
    return record.id
  }

  async removeImage(image: ImageSpec): Promise<void> {
    await this.#script.enter('removeImage', [image])
    const record = this.#present(image.image)
    if (record !== undefined) record.present = false
  }

  async imageFsInfo(): ReturnType<ImageService['imageFsInfo']> {
    await this.#script.enter('imageFsInfo', [])
    return [
      {
        mountpoint: '/var/lib/simulated',
        usedBytes: 0n,
        inodesUsed: 0n,
        timestamp: BigInt(this.#clock.now()) * 1_000_000n,
      },
    ]
  }

  #fromRegistry(reference: string): ImageRecord | undefined {
    const found = this.#registry(reference)
    if (found === undefined) return undefined
    this.set(found)
    return this.#images.get(normaliseReference(found.reference))
  }

  #present(reference: string): ImageRecord | undefined {
    const byId = [...this.#images.values()].find((record) => record.present && record.id === reference)
    const record = byId ?? this.#images.get(normaliseReference(reference))
    return record?.present === true ? record : undefined
  }
}

function toCriImage(record: ImageRecord): CriImage {
  const user = record.user ?? ''
  return {
    id: record.id,
    repoTags: [normaliseReference(record.reference)],
    repoDigests: [],
    size: 1_000_000n,
    ...(/^\d+$/.test(user) ? { uid: BigInt(user), username: '' } : { username: user }),
  }
}
