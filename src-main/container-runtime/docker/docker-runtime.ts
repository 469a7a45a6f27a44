/** CRI in front of the Docker API, for one node (design §3). All of its state is in the engine's labels and names. */
import { delay } from '../../base/clock.ts'
import type { Clock } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import { NODE_LABEL, ROLE_LABEL } from '../../common/engine-labels.ts'
import { CriError } from '../cri.ts'
import type { ImageService, RuntimeCondition, RuntimeService } from '../cri.ts'
import { EventSubscribers } from '../event-subscribers.ts'
import type { StreamServer } from '../streaming/stream-server.ts'
import { CriEvents } from './cri-events.ts'
import { DockerContainers } from './docker-containers.ts'
import { DockerImages } from './docker-images.ts'
import { DockerSandboxes } from './docker-sandboxes.ts'
import { DockerStats } from './docker-stats.ts'
import { DockerStreams } from './docker-streams.ts'
import { ENGINE_API_VERSION, EngineClient, isApiAtLeast, isEngineStatus, toCriError } from './engine-client.ts'
import { followEngineEvents } from './engine-event-stream.ts'
import type { ContainerEvent } from './engine-event-stream.ts'
import { ContainerLogs } from './logs/container-logs.ts'
import { NodeBoot } from './node-boot.ts'
import { NodeEngine } from './node-engine.ts'
import type { ServiceOptions } from './service-options.ts'

export interface DockerRuntime extends Disposable {
  runtime: RuntimeService
  images: ImageService
}

interface Parts {
  engine: EngineClient
  node: NodeEngine
  boot: NodeBoot
  logs: ContainerLogs
  images: DockerImages
  sandboxes: DockerSandboxes
  containers: DockerContainers
  stats: DockerStats
  streams: DockerStreams
  subscribers: EventSubscribers
}

function makeParts(
  options: ServiceOptions,
  engine: EngineClient,
  clock: Clock,
  logger: Logger,
  nodeRoot: string,
  server: StreamServer,
): Parts {
  const node = new NodeEngine(engine, options)
  const boot = new NodeBoot(node, clock, logger)
  const logs = new ContainerLogs({ engine, clock, logger, nodeRoot })
  const images = new DockerImages(engine, options, clock)
  const sandboxes = new DockerSandboxes({ node, boot, logs, clock })
  const containers = new DockerContainers({ node, boot, logs, images, sandboxes, clock, nodeRoot })
  const stats = new DockerStats(node, clock)
  const streams = new DockerStreams({ node, clock, server })
  return {
    engine,
    node,
    boot,
    logs,
    images,
    sandboxes,
    containers,
    stats,
    streams,
    subscribers: new EventSubscribers(),
  }
}

async function readEngineCondition(engine: EngineClient): Promise<RuntimeCondition> {
  const condition = { type: 'RuntimeReady', status: false, reason: '', message: '' }
  try {
    const apiVersion = await engine.apiVersion()
    if (isApiAtLeast(apiVersion, ENGINE_API_VERSION)) return { ...condition, status: true }
    const message = `the container engine speaks API ${apiVersion}; ${ENGINE_API_VERSION} or newer is needed`
    return { ...condition, reason: 'EngineTooOld', message }
  } catch (error) {
    return { ...condition, reason: 'EngineUnreachable', message: toCriError(error).message }
  }
}

async function readNetworkCondition({ engine, node }: Parts): Promise<RuntimeCondition> {
  const condition = { type: 'NetworkReady', status: false, reason: '', message: '' }
  try {
    await engine.json(`/networks/${encodeURIComponent(node.options.network)}`)
    return { ...condition, status: true }
  } catch (error) {
    const reason = isEngineStatus(error, 404) ? 'NetworkMissing' : 'EngineUnreachable'
    return { ...condition, reason, message: toCriError(error).message }
  }
}

function makeRuntimeService(parts: Parts): RuntimeService {
  const { engine, sandboxes, containers, stats, streams, subscribers } = parts
  return {
    async version() {
      const version = await engine
        .json<{ Version: string }>('/version')
        .catch((error: unknown) => Promise.reject(toCriError(error)))
      return { version: '0.1.0', runtimeName: 'docker', runtimeVersion: version.Version, runtimeApiVersion: 'v1' }
    },
    async status() {
      return { conditions: await Promise.all([readEngineCondition(engine), readNetworkCondition(parts)]) }
    },
    async runtimeConfig() {
      const info = await engine
        .json<{ CgroupDriver?: string }>('/info')
        .catch((error: unknown) => Promise.reject(toCriError(error)))
      return { cgroupDriver: info.CgroupDriver === 'systemd' ? 'SYSTEMD' : 'CGROUPFS' }
    },
    runPodSandbox: (config) => sandboxes.run(config),
    stopPodSandbox: (id) => sandboxes.stop(id),
    removePodSandbox: (id) => sandboxes.remove(id),
    podSandboxStatus: (id) => sandboxes.status(id),
    listPodSandbox: (filter) => sandboxes.list(filter),
    createContainer: (sandboxId, config, sandboxConfig) => containers.create(sandboxId, config, sandboxConfig),
    startContainer: (id) => containers.start(id),
    stopContainer: (id, timeoutSeconds) => containers.stop(id, timeoutSeconds),
    removeContainer: (id) => containers.remove(id),
    listContainers: (filter) => containers.list(filter),
    containerStatus: (id) => containers.status(id),
    execSync: (id, command, timeoutSeconds) => containers.exec(id, command, timeoutSeconds),
    reopenContainerLog: (id) => containers.reopenLog(id),
    exec: (request) => streams.exec(request),
    attach: (request) => streams.attach(request),
    updateContainerResources: (id, resources) => containers.updateResources(id, resources),
    containerStats: (id) => stats.container(id),
    listContainerStats: (filter) => stats.listContainers(filter),
    podSandboxStats: (id) => stats.sandbox(id),
    listPodSandboxStats: (filter) => stats.listSandboxes(filter),
    getContainerEvents: (options) => subscribers.subscribe(options),
  }
}

/**
 * Resolves when the service may be asked: what another boot of the node left is gone, and events are followed.
 * @param options.nodeRoot where the node's whole volume is mounted
 * @param options.streamServer serves what Exec and Attach ask for; it stays the caller's
 */
export async function startDockerRuntime(options: {
  service: ServiceOptions
  engineSocket: string
  nodeRoot: string
  streamServer: StreamServer
  clock: Clock
  logger: Logger
}): Promise<DockerRuntime> {
  const { service, clock, logger } = options
  const engine = new EngineClient(options.engineSocket)
  const parts = makeParts(service, engine, clock, logger, options.nodeRoot, options.streamServer)
  const { boot, containers, subscribers, logs } = parts
  const events = new CriEvents({ ...parts, logger })
  const end = new AbortController()

  const catchUp = async (): Promise<void> => {
    for (;;) {
      try {
        await boot.sync(end.signal)
        await containers.resumeLogs()
        return
      } catch (error) {
        if (end.signal.aborted) return
        logger.warn('cannot catch up with the engine yet', { error })
        await delay(clock, 1000, end.signal).catch(() => undefined)
      }
    }
  }
  const onEvent = (event: ContainerEvent): void => {
    if (event.labels[ROLE_LABEL] === 'node' && event.labels[NODE_LABEL] === service.node) void catchUp()
    else events.handle(event)
  }
  const caughtUp = Promise.withResolvers<void>()
  const following = followEngineEvents({
    ...{ engine, service, clock, logger, signal: end.signal, onEvent },
    onConnected: () => void catchUp().then(caughtUp.resolve),
    onLost: () => subscribers.breakAll(new CriError('Unavailable', 'the connection to the container engine was lost')),
  })
  await caughtUp.promise
  return {
    runtime: makeRuntimeService(parts),
    images: parts.images,
    async dispose() {
      end.abort()
      await following
      subscribers.breakAll(new CriError('Unavailable', 'the runtime service is shutting down'))
      await logs.dispose()
      engine.dispose()
    },
  }
}
