/** The messages of CRI's ImageService; see schema.ts. */
import { message, repeated, stringMap } from '../../base/protobuf.ts'
import { ImageSpec, Int64Value, PodSandboxConfig, UInt64Value } from './schema.ts'

const ImageFilter = message('ImageFilter', { image: [1, ImageSpec] })
export const ListImagesRequest = message('ListImagesRequest', { filter: [1, ImageFilter] })
export const Image = message('Image', {
  id: [1, 'string'],
  repoTags: [2, repeated('string')],
  repoDigests: [3, repeated('string')],
  size: [4, 'uint64'],
  uid: [5, Int64Value],
  username: [6, 'string'],
  spec: [7, ImageSpec],
  pinned: [8, 'bool'],
})
export const ListImagesResponse = message('ListImagesResponse', { images: [1, repeated(Image)] })
export const ImageStatusRequest = message('ImageStatusRequest', { image: [1, ImageSpec], verbose: [2, 'bool'] })
export const ImageStatusResponse = message('ImageStatusResponse', { image: [1, Image], info: [2, stringMap] })
const AuthConfig = message('AuthConfig', {
  username: [1, 'string'],
  password: [2, 'string'],
  auth: [3, 'string'],
  serverAddress: [4, 'string'],
  identityToken: [5, 'string'],
  registryToken: [6, 'string'],
})
export const PullImageRequest = message('PullImageRequest', {
  image: [1, ImageSpec],
  auth: [2, AuthConfig],
  sandboxConfig: [3, PodSandboxConfig],
})
export const PullImageResponse = message('PullImageResponse', { imageRef: [1, 'string'] })
export const RemoveImageRequest = message('RemoveImageRequest', { image: [1, ImageSpec] })
const FilesystemIdentifier = message('FilesystemIdentifier', { mountpoint: [1, 'string'] })
export const FilesystemUsage = message('FilesystemUsage', {
  timestamp: [1, 'int64'],
  fsId: [2, FilesystemIdentifier],
  usedBytes: [3, UInt64Value],
  inodesUsed: [4, UInt64Value],
})
export const ImageFsInfoResponse = message('ImageFsInfoResponse', {
  imageFilesystems: [1, repeated(FilesystemUsage)],
  containerFilesystems: [2, repeated(FilesystemUsage)],
})
