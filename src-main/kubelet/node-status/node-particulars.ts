/** What a node's status says beside its conditions: addresses, resources, versions, images. */
import type { Clock } from '../../base/clock.ts'
import type { ImageService, RuntimeService } from '../../container-runtime/cri.ts'
import type { NodeFacts } from '../runtime/runtime-context.ts'
import type { NodeParticulars } from './compute-node-status.ts'
import { formatAllocatable, formatCapacity } from './format-resources.ts'
import type { NodeSystem } from './node-system-info.ts'

/** Images are listed again after this. */
const IMAGES_STALE_MS = 60_000

export interface NodeParticularsOptions {
  clock: Clock
  runtime: RuntimeService
  images: ImageService
  node: NodeFacts
  system: NodeSystem
  kubeletVersion: string
  /** Of the kubelet's API. */
  port: number
  /** `nodeStatusMaxImages`; -1: all. */
  maxImages: number
}

export class NodeParticularsReader {
  readonly #options: NodeParticularsOptions
  #images: NonNullable<NodeParticulars['images']> = []
  #imagesMs = Number.NEGATIVE_INFINITY
  #runtimeVersion = ''

  constructor(options: NodeParticularsOptions) {
    this.#options = options
  }

  /** A runtime that does not answer has the images and the version that it had. */
  async read(): Promise<NodeParticulars> {
    const { node, system, kubeletVersion, port } = this.#options
    await this.#look()
    const pods = node.allocatable.get('pods') ?? 0n
    return {
      addresses: [
        ...(node.nodeIP === '' ? [] : [{ type: 'InternalIP' as const, address: node.nodeIP }]),
        { type: 'Hostname', address: node.nodeName },
      ],
      capacity: formatCapacity(node.capacity, pods),
      allocatable: formatAllocatable(node.allocatable),
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
      nodeInfo: {
        ...system,
        containerRuntimeVersion: this.#runtimeVersion,
        kubeletVersion,
        kubeProxyVersion: '',
        operatingSystem: 'linux',
        architecture: node.labels['kubernetes.io/arch'] ?? '',
      },
      images: this.#images,
    }
  }

  async #look(): Promise<void> {
    const { clock, runtime, images } = this.#options
    if (clock.now() - this.#imagesMs < IMAGES_STALE_MS) return
    try {
      const { runtimeName, runtimeVersion } = await runtime.version()
      this.#runtimeVersion = `${runtimeName}://${runtimeVersion}`
      this.#images = this.#largest(await images.listImages())
      this.#imagesMs = clock.now()
    } catch {
      // The node's Ready condition tells of it; this is asked again with the next report.
    }
  }

  #largest(all: Awaited<ReturnType<ImageService['listImages']>>): NonNullable<NodeParticulars['images']> {
    const { maxImages } = this.#options
    const named = all
      .map(({ repoDigests, repoTags, size }) => ({
        names: [...repoDigests, ...repoTags].slice(0, 5),
        sizeBytes: Number(size),
      }))
      .sort((one, other) => other.sizeBytes - one.sizeBytes)
    return maxImages < 0 ? named : named.slice(0, maxImages)
  }
}
