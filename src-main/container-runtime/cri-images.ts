/** CRI's ImageService and what it speaks of; see cri.ts. */
import type { ImageSpec, VerboseInfo } from './cri.ts'

export interface CriImage {
  id: string
  repoTags: string[]
  repoDigests: string[]
  size: bigint
  /** Numeric user of the image's config, when numeric. */
  uid?: bigint
  username: string
}

/** How a registry knows its caller; what is empty is not said. `auth` is user and password, joined by a colon, in base64. */
export interface AuthConfig {
  username: string
  password: string
  auth: string
  serverAddress: string
  identityToken: string
  registryToken: string
}

export interface ImageService {
  listImages(filter?: { image?: string }): Promise<CriImage[]>
  /** `undefined` when it is not there. */
  imageStatus(image: ImageSpec): Promise<CriImage | undefined>
  /** Empty when the image is not there. */
  imageInfo(image: ImageSpec): Promise<VerboseInfo>
  /**
   * Answers the image reference.
   * @throws NotFound, DeadlineExceeded when it does not get on, Unknown with the registry's or the engine's words
   */
  pullImage(image: ImageSpec, auth?: AuthConfig): Promise<string>
  removeImage(image: ImageSpec): Promise<void>
  imageFsInfo(): Promise<{ mountpoint: string; usedBytes: bigint; inodesUsed: bigint; timestamp: bigint }[]>
}
