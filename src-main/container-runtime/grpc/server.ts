/** Serves any RuntimeService and ImageService as CRI (gRPC, `runtime.v1`) on a unix socket. */
import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Metadata, Server, ServerCredentials } from '@grpc/grpc-js'
import type { sendUnaryData, ServerUnaryCall, ServerWritableStream, UntypedServiceImplementation } from '@grpc/grpc-js'
import { toDisposable } from '../../base/disposable.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import { CriError } from '../cri.ts'
import type { ContainerStatsFilter, ImageService, RuntimeService } from '../cri.ts'
import {
  containerConfigFromWire,
  imageSpecFromWire,
  podSandboxConfigFromWire,
  resourcesFromWire,
} from './convert-config.ts'
import { containerStatsToWire, podSandboxStatsToWire } from './convert-stats.ts'
import {
  containerEventToWire,
  containerFilterFromWire,
  imageToWire,
  podSandboxFilterFromWire,
  podSandboxStatusToWire,
} from './convert-status.ts'
import { GET_CONTAINER_EVENTS, UNARY_METHODS } from './methods.ts'
import type { UnaryMethodName } from './methods.ts'
import { decode, encode } from '../../base/protobuf.ts'
import type { DecodedMessage, EncodableMessage } from '../../base/protobuf.ts'
import { toGrpcStatus } from './status-codes.ts'

/** As cri-api's callers use: 16 MiB of output of a command on each stream, and a little more around it. */
const MAX_MESSAGE_BYTES = 40 * 1024 * 1024

type Methods = typeof UNARY_METHODS
type Handlers = {
  [Name in UnaryMethodName]: (
    request: DecodedMessage<Methods[Name]['request']>,
  ) => Promise<EncodableMessage<Methods[Name]['response']>>
}

function requiredId(id: string, field: string): string {
  if (id === '') throw new CriError('InvalidArgument', `${field} must not be empty`)
  return id
}

/** @throws CriError InvalidArgument for negative or absurd values. */
function seconds(value: bigint, field: string): number {
  if (value < 0n || value > 1_000_000_000n)
    throw new CriError('InvalidArgument', `${field} must be between 0 and 1000000000 seconds, not ${value}`)
  return Number(value)
}

function makeHandlers(runtime: RuntimeService, images: ImageService): Handlers {
  return {
    version: () => runtime.version(),
    status: async ({ verbose }) => ({
      status: await runtime.status(),
      info: verbose ? await runtime.statusInfo() : {},
    }),
    async runPodSandbox(request) {
      if (request.runtimeHandler !== '')
        throw new CriError('InvalidArgument', `runtimeHandler: there is no runtime handler "${request.runtimeHandler}"`)
      return { podSandboxId: await runtime.runPodSandbox(podSandboxConfigFromWire(request.config, 'config')) }
    },
    async stopPodSandbox(request) {
      await runtime.stopPodSandbox(requiredId(request.podSandboxId, 'podSandboxId'))
      return {}
    },
    async removePodSandbox(request) {
      await runtime.removePodSandbox(requiredId(request.podSandboxId, 'podSandboxId'))
      return {}
    },
    async podSandboxStatus(request) {
      const status = await runtime.podSandboxStatus(requiredId(request.podSandboxId, 'podSandboxId'))
      const info = request.verbose ? await runtime.podSandboxInfo(request.podSandboxId) : {}
      return { status: podSandboxStatusToWire(status), info }
    },
    listPodSandbox: async (request) => ({
      items: await runtime.listPodSandbox(podSandboxFilterFromWire(request.filter)),
    }),
    async createContainer(request) {
      const containerId = await runtime.createContainer(
        requiredId(request.podSandboxId, 'podSandboxId'),
        containerConfigFromWire(request.config, 'config'),
        podSandboxConfigFromWire(request.sandboxConfig, 'sandboxConfig'),
      )
      return { containerId }
    },
    async startContainer(request) {
      await runtime.startContainer(requiredId(request.containerId, 'containerId'))
      return {}
    },
    async stopContainer(request) {
      await runtime.stopContainer(requiredId(request.containerId, 'containerId'), seconds(request.timeout, 'timeout'))
      return {}
    },
    async removeContainer(request) {
      await runtime.removeContainer(requiredId(request.containerId, 'containerId'))
      return {}
    },
    async listContainers(request) {
      const containers = await runtime.listContainers(containerFilterFromWire(request.filter))
      return { containers: containers.map((container) => ({ ...container, imageId: container.imageRef })) }
    },
    containerStatus: async ({ containerId, verbose }) => ({
      status: await runtime.containerStatus(requiredId(containerId, 'containerId')),
      info: verbose ? await runtime.containerInfo(containerId) : {},
    }),
    async execSync(request) {
      if (request.cmd.length === 0) throw new CriError('InvalidArgument', 'cmd must not be empty')
      return runtime.execSync(
        requiredId(request.containerId, 'containerId'),
        request.cmd,
        seconds(request.timeout, 'timeout'),
      )
    },
    async reopenContainerLog(request) {
      await runtime.reopenContainerLog(requiredId(request.containerId, 'containerId'))
      return {}
    },
    async exec(request) {
      requiredId(request.containerId, 'containerId')
      return { url: await runtime.exec(request) }
    },
    async attach(request) {
      requiredId(request.containerId, 'containerId')
      return { url: await runtime.attach(request) }
    },
    async portForward(request) {
      requiredId(request.podSandboxId, 'podSandboxId')
      return { url: await runtime.portForward(request) }
    },
    ...makeStatsHandlers(runtime),
    async listImages(request) {
      const image = request.filter?.image?.image ?? ''
      return { images: (await images.listImages(image === '' ? undefined : { image })).map(imageToWire) }
    },
    async imageStatus(request) {
      const spec = imageSpecFromWire(request.image, 'image')
      const image = await images.imageStatus(spec)
      const info = request.verbose ? await images.imageInfo(spec) : {}
      return { image: image === undefined ? undefined : imageToWire(image), info }
    },
    pullImage: async ({ image, auth }) => ({
      imageRef: await images.pullImage(imageSpecFromWire(image, 'image'), auth),
    }),
    async removeImage(request) {
      await images.removeImage(imageSpecFromWire(request.image, 'image'))
      return {}
    },
    async imageFsInfo() {
      const filesystems = (await images.imageFsInfo()).map((usage) => ({
        timestamp: usage.timestamp,
        fsId: { mountpoint: usage.mountpoint },
        usedBytes: { value: usage.usedBytes },
        inodesUsed: { value: usage.inodesUsed },
      }))
      // Layers of images and of containers are on the same one.
      return { imageFilesystems: filesystems, containerFilesystems: filesystems }
    },
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

/** What has been measured, and the limits that go with it. */
function makeStatsHandlers(runtime: RuntimeService): Pick<Handlers, StatsMethodName> {
  return {
    runtimeConfig: async () => ({ linux: await runtime.runtimeConfig() }),
    async updateRuntimeConfig({ runtimeConfig }) {
      await runtime.updateRuntimeConfig({ podCidr: runtimeConfig?.networkConfig?.podCidr ?? '' })
      return {}
    },
    async updateContainerResources({ containerId, linux }) {
      await runtime.updateContainerResources(requiredId(containerId, 'containerId'), resourcesFromWire(linux, 'linux'))
      return {}
    },
    containerStats: async ({ containerId }) => ({
      stats: containerStatsToWire(await runtime.containerStats(requiredId(containerId, 'containerId'))),
    }),
    listContainerStats: async ({ filter }) => ({
      stats: (await runtime.listContainerStats(statsFilterFromWire(filter))).map(containerStatsToWire),
    }),
    podSandboxStats: async ({ podSandboxId }) => ({
      stats: podSandboxStatsToWire(await runtime.podSandboxStats(requiredId(podSandboxId, 'podSandboxId'))),
    }),
    listPodSandboxStats: async ({ filter }) => ({
      stats: (await runtime.listPodSandboxStats(statsFilterFromWire(filter))).map(podSandboxStatsToWire),
    }),
  }
}

/** An empty id is none. */
function statsFilterFromWire(
  wire: { id: string; podSandboxId?: string; labelSelector: Record<string, string> } | undefined,
): ContainerStatsFilter {
  const { id = '', podSandboxId = '', labelSelector = {} } = wire ?? {}
  return { ...(id === '' ? {} : { id }), ...(podSandboxId === '' ? {} : { podSandboxId }), labelSelector }
}

/** grpc-js would answer Internal to bytes that it cannot decode, so it gets bytes and the handler decodes. */
const passBytes = (bytes: Buffer): Buffer => bytes

type RawCall = ServerUnaryCall<Buffer, Buffer>

function addUnary<Name extends UnaryMethodName>(
  name: Name,
  handle: Handlers[Name],
  logger: Logger,
): [definition: object, implementation: (call: RawCall, done: sendUnaryData<Buffer>) => void] {
  const method = UNARY_METHODS[name]
  const answer = async (bytes: Buffer): Promise<Buffer> => {
    const request = decode(method.request, bytes) as DecodedMessage<Methods[Name]['request']>
    return encode(method.response, (await handle(request)) as EncodableMessage<typeof method.response>)
  }
  const definition = {
    path: method.path,
    requestStream: false,
    responseStream: false,
    requestSerialize: passBytes,
    requestDeserialize: passBytes,
    responseSerialize: passBytes,
    responseDeserialize: passBytes,
  }
  return [
    definition,
    (call, done) => {
      answer(call.request).then(
        (bytes) => done(null, bytes),
        (error: unknown) => {
          if (!(error instanceof CriError)) logger.error('call failed', { method: name, error })
          done(toGrpcStatus(error))
        },
      )
    },
  ]
}

function eventStream(runtime: RuntimeService): (call: ServerWritableStream<Buffer, Buffer>) => void {
  return (call) => {
    const abort = new AbortController()
    call.on('cancelled', () => abort.abort())
    call.on('error', () => abort.abort())
    runtime
      .getContainerEvents({
        signal: abort.signal,
        // Headers tell the client that from now on it misses nothing.
        onOpen: () => call.sendMetadata(new Metadata()),
        onEvent: (event) => call.write(encode(GET_CONTAINER_EVENTS.response, containerEventToWire(event))),
      })
      .then(
        () => call.end(),
        (error: unknown) => call.emit('error', Object.assign(new Error('the event stream broke'), toGrpcStatus(error))),
      )
  }
}

/**
 * Listens on `socketPath` (a socket file that a killed predecessor left is replaced; mode 0600).
 * The disposable ends all calls at once and removes the socket.
 */
export async function serveCri(options: {
  socketPath: string
  runtime: RuntimeService
  images: ImageService
  logger: Logger
}): Promise<Disposable> {
  const { socketPath, runtime, images, logger } = options
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    'grpc.enable_channelz': 0,
  })
  const definitions: Record<string, object> = {}
  const implementation: Record<string, unknown> = {}
  const handlers = makeHandlers(runtime, images)
  for (const name of Object.keys(UNARY_METHODS) as UnaryMethodName[])
    [definitions[name], implementation[name]] = addUnary(name, handlers[name] as Handlers[typeof name], logger)
  definitions['getContainerEvents'] = {
    ...definitions['version'],
    path: GET_CONTAINER_EVENTS.path,
    responseStream: true,
  }
  implementation['getContainerEvents'] = eventStream(runtime)
  server.addService(definitions as Parameters<Server['addService']>[0], implementation as UntypedServiceImplementation)

  await mkdir(dirname(socketPath), { recursive: true })
  await rm(socketPath, { force: true })
  // Not chmod afterwards: it follows links, and the folder is the node's, whose root may put one there meanwhile.
  const umask = process.umask(0o177)
  try {
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(`unix:${socketPath}`, ServerCredentials.createInsecure(), (error) =>
        error === null ? resolve() : reject(error),
      )
    })
  } finally {
    process.umask(umask)
  }
  return toDisposable(async () => {
    server.forceShutdown()
    await rm(socketPath, { force: true })
  })
}
