/** CRI (gRPC, `runtime.v1`) over a unix socket, as the interfaces of cri.ts. */
import { Client, credentials, Metadata } from '@grpc/grpc-js'
import { systemClock } from '../../base/clock.ts'
import type { Clock } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import { CriError } from '../cri.ts'
import type { ImageService, RuntimeService } from '../cri.ts'
import { containerConfigToWire, podSandboxConfigToWire, resourcesToWire } from './convert-config.ts'
import { containerStatsFromWire, podSandboxStatsFromWire } from './convert-stats.ts'
import {
  containerEventFromWire,
  containerFilterToWire,
  containerFromWire,
  containerStatusFromWire,
  imageFromWire,
  podSandboxFilterToWire,
  podSandboxFromWire,
  podSandboxStatusFromWire,
} from './convert-status.ts'
import { GET_CONTAINER_EVENTS, UNARY_METHODS } from './methods.ts'
import type { UnaryMethodName } from './methods.ts'
import { decode, encode } from '../../base/protobuf.ts'
import type { DecodedMessage, EncodableMessage } from '../../base/protobuf.ts'
import { fromGrpcError } from './status-codes.ts'

/** As `MAX_MESSAGE_BYTES` of the server, which is not imported so that a kubelet does not carry it. */
const MAX_MESSAGE_BYTES = 40 * 1024 * 1024

export interface CriClient extends Disposable {
  runtime: RuntimeService
  images: ImageService
}

type Methods = typeof UNARY_METHODS

class Caller {
  readonly #client: Client
  readonly #timeoutMs: number
  readonly #clock: Clock

  constructor(client: Client, timeoutMs: number, clock: Clock) {
    this.#client = client
    this.#timeoutMs = timeoutMs
    this.#clock = clock
  }

  get client(): Client {
    return this.#client
  }

  /** `extraMs`: how much longer than an ordinary call it may take; `Infinity`: no deadline. */
  call<Name extends UnaryMethodName>(
    name: Name,
    request: EncodableMessage<Methods[Name]['request']>,
    extraMs = 0,
  ): Promise<DecodedMessage<Methods[Name]['response']>> {
    const method = UNARY_METHODS[name]
    const limitMs = this.#timeoutMs + extraMs
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        method.path,
        (message: EncodableMessage<typeof method.request>) => encode(method.request, message),
        (bytes: Buffer) => decode(method.response, bytes),
        request as EncodableMessage<typeof method.request>,
        new Metadata(),
        Number.isFinite(limitMs) ? { deadline: this.#clock.now() + limitMs } : {},
        (error, response) => {
          if (error !== null) reject(fromGrpcError(error))
          else if (response === undefined) reject(new CriError('Unknown', `${name} was answered with nothing`))
          else resolve(response as DecodedMessage<Methods[Name]['response']>)
        },
      )
    })
  }
}

function runtimeOver(caller: Caller): RuntimeService {
  return {
    version: () => caller.call('version', { version: 'v1' }),
    async status() {
      const { status } = await caller.call('status', {})
      return { conditions: status?.conditions ?? [] }
    },
    statusInfo: async () => (await caller.call('status', { verbose: true })).info,
    async runPodSandbox(config) {
      // A sandbox may have to wait for a busy engine; upstream doubles the ordinary limit too.
      return (await caller.call('runPodSandbox', { config: podSandboxConfigToWire(config) }, 120_000)).podSandboxId
    },
    async stopPodSandbox(podSandboxId) {
      await caller.call('stopPodSandbox', { podSandboxId })
    },
    async removePodSandbox(podSandboxId) {
      await caller.call('removePodSandbox', { podSandboxId })
    },
    async podSandboxStatus(podSandboxId) {
      return podSandboxStatusFromWire((await caller.call('podSandboxStatus', { podSandboxId })).status, 'status')
    },
    podSandboxInfo: async (podSandboxId) =>
      (await caller.call('podSandboxStatus', { podSandboxId, verbose: true })).info,
    async listPodSandbox(filter) {
      const { items } = await caller.call('listPodSandbox', { filter: podSandboxFilterToWire(filter) })
      return items.map((item, index) => podSandboxFromWire(item, `items[${index}]`))
    },
    async createContainer(podSandboxId, config, sandboxConfig) {
      const request = {
        podSandboxId,
        config: containerConfigToWire(config),
        sandboxConfig: podSandboxConfigToWire(sandboxConfig),
      }
      return (await caller.call('createContainer', request)).containerId
    },
    async startContainer(containerId) {
      await caller.call('startContainer', { containerId })
    },
    async stopContainer(containerId, timeoutSeconds) {
      const timeout = BigInt(Math.max(0, Math.ceil(timeoutSeconds)))
      await caller.call('stopContainer', { containerId, timeout }, timeoutSeconds * 1000)
    },
    async removeContainer(containerId) {
      await caller.call('removeContainer', { containerId })
    },
    async listContainers(filter) {
      const { containers } = await caller.call('listContainers', { filter: containerFilterToWire(filter) })
      return containers.map((container, index) => containerFromWire(container, `containers[${index}]`))
    },
    async containerStatus(containerId) {
      return containerStatusFromWire((await caller.call('containerStatus', { containerId })).status, 'status')
    },
    containerInfo: async (containerId) => (await caller.call('containerStatus', { containerId, verbose: true })).info,
    execSync(containerId, command, timeoutSeconds) {
      const extraMs = timeoutSeconds > 0 ? timeoutSeconds * 1000 : Infinity
      const timeout = BigInt(Math.ceil(timeoutSeconds))
      return caller.call('execSync', { containerId, cmd: command, timeout }, extraMs)
    },
    async reopenContainerLog(containerId) {
      await caller.call('reopenContainerLog', { containerId })
    },
    exec: async (request) => (await caller.call('exec', request)).url,
    attach: async (request) => (await caller.call('attach', request)).url,
    portForward: async (request) => (await caller.call('portForward', request)).url,
    ...statsOver(caller),
    getContainerEvents: (options) => streamEvents(caller.client, options),
  }
}

type StatsMethodName =
  | 'runtimeConfig'
  | 'updateRuntimeConfig'
  | 'updateContainerResources'
  | 'containerStats'
  | 'listContainerStats'
  | 'podSandboxStats'
  | 'listPodSandboxStats'

function statsOver(caller: Caller): Pick<RuntimeService, StatsMethodName> {
  return {
    async runtimeConfig() {
      return { cgroupDriver: (await caller.call('runtimeConfig', {})).linux?.cgroupDriver ?? 'SYSTEMD' }
    },
    async updateRuntimeConfig({ podCidr }) {
      await caller.call('updateRuntimeConfig', { runtimeConfig: { networkConfig: { podCidr } } })
    },
    async updateContainerResources(containerId, linux) {
      await caller.call('updateContainerResources', { containerId, linux: resourcesToWire(linux) })
    },
    async containerStats(containerId) {
      return containerStatsFromWire((await caller.call('containerStats', { containerId })).stats, 'stats')
    },
    async listContainerStats(filter) {
      const { stats } = await caller.call('listContainerStats', { filter })
      return stats.map((item, index) => containerStatsFromWire(item, `stats[${index}]`))
    },
    async podSandboxStats(podSandboxId) {
      return podSandboxStatsFromWire((await caller.call('podSandboxStats', { podSandboxId })).stats, 'stats')
    },
    async listPodSandboxStats(filter) {
      const { stats } = await caller.call('listPodSandboxStats', { filter })
      return stats.map((item, index) => podSandboxStatsFromWire(item, `stats[${index}]`))
    },
  }
}

function streamEvents(client: Client, options: Parameters<RuntimeService['getContainerEvents']>[0]): Promise<void> {
  const { signal, onOpen, onEvent } = options
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const stream = client.makeServerStreamRequest(
      GET_CONTAINER_EVENTS.path,
      () => Buffer.alloc(0),
      (bytes: Buffer) => containerEventFromWire(decode(GET_CONTAINER_EVENTS.response, bytes)),
      {},
    )
    const onAbort = (): void => stream.cancel()
    const finish = (settle: () => void): void => {
      signal.removeEventListener('abort', onAbort)
      settle()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    stream.on('metadata', () => onOpen?.())
    stream.on('data', onEvent)
    stream.on('error', (error) => finish(() => (signal.aborted ? resolve() : reject(fromGrpcError(error)))))
    stream.on('end', () =>
      finish(() => (signal.aborted ? resolve() : reject(new CriError('Unavailable', 'the event stream ended')))),
    )
  })
}

function imagesOver(caller: Caller): ImageService {
  return {
    async listImages(filter) {
      const request = filter?.image === undefined ? {} : { filter: { image: { image: filter.image } } }
      return (await caller.call('listImages', request)).images.map(imageFromWire)
    },
    async imageStatus(image) {
      const answer = await caller.call('imageStatus', { image })
      return answer.image === undefined ? undefined : imageFromWire(answer.image)
    },
    imageInfo: async (image) => (await caller.call('imageStatus', { image, verbose: true })).info,
    async pullImage(image, auth) {
      return (await caller.call('pullImage', { image, auth }, Infinity)).imageRef
    },
    async removeImage(image) {
      await caller.call('removeImage', { image })
    },
    async imageFsInfo() {
      const { imageFilesystems } = await caller.call('imageFsInfo', {})
      return imageFilesystems.map((usage) => ({
        mountpoint: usage.fsId?.mountpoint ?? '',
        usedBytes: usage.usedBytes?.value ?? 0n,
        inodesUsed: usage.inodesUsed?.value ?? 0n,
        timestamp: usage.timestamp,
      }))
    },
  }
}

/**
 * Connects when it is first used, and again whenever the service is back (within a quarter of a second). A call while
 * it is away rejects with Unavailable at once.
 * @param options.timeoutMs of an ordinary call; waits that belong to a call (grace periods, commands) are added.
 */
export function createCriClient(options: { socketPath: string; timeoutMs?: number; clock?: Clock }): CriClient {
  const client = new Client(`unix:${options.socketPath}`, credentials.createInsecure(), {
    'grpc.initial_reconnect_backoff_ms': 50,
    'grpc.min_reconnect_backoff_ms': 50,
    'grpc.max_reconnect_backoff_ms': 250,
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    'grpc.enable_channelz': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.enable_retries': 0,
  })
  const caller = new Caller(client, options.timeoutMs ?? 120_000, options.clock ?? systemClock())
  return { runtime: runtimeOver(caller), images: imagesOver(caller), dispose: () => client.close() }
}
