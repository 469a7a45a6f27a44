/** CRI in front of the Docker API, for one node (design §3). All of its state is in the engine's labels and names. */
import { delay } from '../../base/clock.ts'
import type { Clock } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import { NODE_LABEL, ROLE_LABEL } from '../../common/engine-labels.ts'
import { computeEngineFault } from '../../common/engine-version.ts'
import { CriError } from '../cri.ts'
import type { ImageService, RuntimeCondition, RuntimeService } from '../cri.ts'
import { EventSubscribers } from '../event-subscribers.ts'
import type { StreamServer } from '../streaming/stream-server.ts'
import { CriEvents } from './cri-events.ts'
import { DockerContainers } from './docker-containers.ts'
import { DockerImages } from './docker-images.ts'
import { DockerPorts } from './docker-ports.ts'
import { DockerSandboxes } from './docker-sandboxes.ts'
import { DockerStats } from './docker-stats.ts'
import { DockerStreams } from './docker-streams.ts'
import { describeContainer, describeEngine, describeSandbox, readEngineInfo } from './verbose-info.ts'
import { EngineClient, engineFaultWords, isEngineStatus, toCriError } from './engine-client.ts'
import { followEngineEvents } from './engine-event-stream.ts'
import type { ContainerEvent } from './engine-event-stream.ts'
import { HOST_PORTS_LABEL } from './engine-labels.ts'
import { HostPorts } from './host-ports/host-ports.ts'
import { computePublicName } from './image-names.ts'
import { ContainerLogs } from './logs/container-logs.ts'
import { NodeBoot } from './node-boot.ts'
import { NodeEngine } from './node-engine.ts'
import { Orphans } from './orphans.ts'
import { SandboxFiles } from './sandbox-files.ts'
import type { ServiceOptions } from './service-options.ts'
import { StartsInFlight } from './starts-in-flight.ts'

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
  hostPorts: HostPorts
  files: SandboxFiles
  sandboxes: DockerSandboxes
  containers: DockerContainers
  stats: DockerStats
  streams: DockerStreams
  ports: DockerPorts
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
  const node = new NodeEngine(engine, options, clock)
  const boot = new NodeBoot(node, clock, logger)
  const logs = new ContainerLogs({ engine, clock, logger, nodeRoot })
  const images = new DockerImages({ engine, options, clock, logger })
  const starts = new StartsInFlight()
  const hostPorts = new HostPorts({ node, boot, clock, logger })
  const files = new SandboxFiles(nodeRoot)
  const sandboxes = new DockerSandboxes({ node, boot, logs, starts, hostPorts, files, clock })
  const containers = new DockerContainers({ node, boot, logs, images, sandboxes, starts, clock, nodeRoot })
  const stats = new DockerStats(node, clock)
  const streams = new DockerStreams({ node, clock, server })
  const ports = new DockerPorts({ node, clock, logger, server })
  return {
    engine,
    node,
    boot,
    logs,
    images,
    hostPorts,
    files,
    sandboxes,
    containers,
    stats,
    streams,
    ports,
    subscribers: new EventSubscribers(),
  }
}

async function readEngineCondition(engine: EngineClient): Promise<RuntimeCondition> {
  const condition = { type: 'RuntimeReady', status: false, reason: '', message: '' }
  try {
    const fault = computeEngineFault(await engine.version())
    if (fault === undefined) return { ...condition, status: true }
    return { ...condition, reason: 'EngineUnsuitable', message: engineFaultWords(fault) }
  } catch (error) {
    return { ...condition, reason: 'EngineUnreachable', message: toCriError(error).message }
  }
}

function isUnsuitable(engine: EngineClient): Promise<boolean> {
  return engine.version().then(
    (version) => computeEngineFault(version) !== undefined,
    () => false,
  )
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
  const { engine, boot, sandboxes, containers, stats, streams, ports, subscribers } = parts
  const { pauseImage, catalogue } = parts.node.options
  const sandboxImage = computePublicName(pauseImage, catalogue)
  /** What a boot that is over has left must not be taken for what runs. */
  const settled =
    <Parameters extends unknown[], Answer>(call: (...parameters: Parameters) => Promise<Answer>) =>
    async (...parameters: Parameters): Promise<Answer> => {
      await boot.settled()
      return call(...parameters)
    }
  return {
    async version() {
      const version = await engine.version().catch((error: unknown) => Promise.reject(toCriError(error)))
      return { version: '0.1.0', runtimeName: 'docker', runtimeVersion: version.Version, runtimeApiVersion: 'v1' }
    },
    async status() {
      return { conditions: await Promise.all([readEngineCondition(engine), readNetworkCondition(parts)]) }
    },
    statusInfo: async () => describeEngine(await readEngineInfo(engine), sandboxImage),
    async runtimeConfig() {
      const { CgroupDriver } = await readEngineInfo(engine)
      return { cgroupDriver: CgroupDriver === 'systemd' ? 'SYSTEMD' : 'CGROUPFS' }
    },
    // The lab has chosen the addresses of its pods, for all nodes together.
    updateRuntimeConfig: () => Promise.resolve(),
    runPodSandbox: settled((config) => sandboxes.run(config)),
    stopPodSandbox: settled((id) => sandboxes.stop(id)),
    removePodSandbox: settled((id) => sandboxes.remove(id)),
    podSandboxStatus: settled((id) => sandboxes.status(id)),
    podSandboxInfo: settled(async (id) => describeSandbox(await parts.node.get(id, 'sandbox'), sandboxImage)),
    listPodSandbox: settled((filter) => sandboxes.list(filter)),
    createContainer: settled((sandboxId, config, sandboxConfig) => containers.create(sandboxId, config, sandboxConfig)),
    startContainer: settled((id) => containers.start(id)),
    stopContainer: settled((id, timeoutSeconds) => containers.stop(id, timeoutSeconds)),
    removeContainer: settled((id) => containers.remove(id)),
    listContainers: settled((filter) => containers.list(filter)),
    containerStatus: settled((id) => containers.status(id)),
    containerInfo: settled(async (id) => describeContainer(await parts.node.get(id, 'container'))),
    execSync: settled((id, command, timeoutSeconds) => containers.exec(id, command, timeoutSeconds)),
    reopenContainerLog: settled((id) => containers.reopenLog(id)),
    exec: settled((request) => streams.exec(request)),
    attach: settled((request) => streams.attach(request)),
    portForward: settled((request) => ports.forward(request)),
    updateContainerResources: settled((id, resources) => containers.updateResources(id, resources)),
    containerStats: settled((id) => stats.container(id)),
    listContainerStats: settled((filter) => stats.listContainers(filter)),
    podSandboxStats: settled((id) => stats.sandbox(id)),
    listPodSandboxStats: settled((filter) => stats.listSandboxes(filter)),
    getContainerEvents: (options) => subscribers.subscribe(options),
  }
}

/**
 * Resolves when the service may be asked: what another boot of the node left is gone, and events are followed.
 * @param options.nodeRoot where the node's whole volume is mounted
 * @param options.streamServer serves what Exec and Attach ask for; it stays the caller's
 * @param options.onDeadSocket see `followEngineEvents`
 */
export async function startDockerRuntime(options: {
  service: ServiceOptions
  engineSocket: string
  nodeRoot: string
  streamServer: StreamServer
  clock: Clock
  logger: Logger
  onDeadSocket: () => void
}): Promise<DockerRuntime> {
  const { service, clock, logger } = options
  const engine = new EngineClient(options.engineSocket)
  const parts = makeParts(service, engine, clock, logger, options.nodeRoot, options.streamServer)
  const { boot, sandboxes, containers, hostPorts, subscribers, logs } = parts
  const events = new CriEvents({ ...parts, clock, logger })
  const orphans = new Orphans({ ...parts, logger })
  const end = new AbortController()

  const catchUp = async (): Promise<void> => {
    for (;;) {
      try {
        await boot.sync(end.signal)
        hostPorts.wake()
        await orphans.sync()
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
    if (event.action === 'die') sandboxes.forgetSight(event.containerId)
    if (event.labels[ROLE_LABEL] === 'node' && event.labels[NODE_LABEL] === service.node) void catchUp()
    else events.handle(event)
    if (event.action === 'die' && event.labels[HOST_PORTS_LABEL] !== undefined) hostPorts.wake()
    if (event.labels[ROLE_LABEL] === 'sandbox' && event.action === 'destroy')
      orphans.sync().catch((error: unknown) => logger.warn('containers may have outlived their sandbox', { error }))
  }
  const caughtUp = Promise.withResolvers<void>()
  const following = followEngineEvents({
    ...{ engine, service, clock, logger, signal: end.signal, onEvent, onDeadSocket: options.onDeadSocket },
    onConnected: () => void catchUp().then(caughtUp.resolve),
    onLost: () => {
      engine.forgetVersion()
      boot.unsettle()
      sandboxes.forgetSights()
      subscribers.breakAll(new CriError('Unavailable', 'the connection to the container engine was lost'))
    },
  })
  // One that cannot be used is never caught up with; whoever asks for the status is to be told why.
  if (!(await isUnsuitable(engine))) await caughtUp.promise
  return {
    runtime: makeRuntimeService(parts),
    images: parts.images,
    async dispose() {
      end.abort()
      await following
      events.dispose()
      await hostPorts.dispose()
      subscribers.breakAll(new CriError('Unavailable', 'the runtime service is shutting down'))
      await logs.dispose()
      engine.dispose()
    },
  }
}
