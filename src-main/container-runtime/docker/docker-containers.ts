/** The containers of pods, each in the namespaces of its sandbox. */
import type { Clock } from '../../base/clock.ts'
import { SANDBOX_ID_LABEL } from '../../common/api/kubelet-labels.ts'
import { CriError } from '../cri.ts'
import type {
  ContainerConfig,
  ContainerFilter,
  ContainerRuntimeState,
  CriContainer,
  CriContainerStatus,
  ExecSyncResponse,
  LinuxContainerResources,
  PodSandboxConfig,
} from '../cri.ts'
import { matchesContainer } from '../filters.ts'
import { computeContainerCreateBody, computeUpdateBody } from './compute-host-config.ts'
import { computeVolumeSubpath } from './compute-mounts.ts'
import { computeNodeWords } from './compute-node-words.ts'
import type { DockerImages } from './docker-images.ts'
import type { DockerSandboxes } from './docker-sandboxes.ts'
import { isEngineStatus, toCriError } from './engine-client.ts'
import { containerEngineName, containerLabels, joinLogPath, specHash } from './engine-labels.ts'
import { execSync } from './exec-sync.ts'
import type { ContainerLogs } from './logs/container-logs.ts'
import { computeListedState, computeRunFacts, toCriContainer, toCriContainerStatus } from './map-status.ts'
import type { NodeBoot } from './node-boot.ts'
import type { ListedContainer, NodeEngine, OwnContainer } from './node-engine.ts'

export class DockerContainers {
  readonly #node: NodeEngine
  readonly #boot: NodeBoot
  readonly #logs: ContainerLogs
  readonly #images: DockerImages
  readonly #sandboxes: DockerSandboxes
  readonly #clock: Clock
  readonly #starting = new Map<string, Promise<void>>()

  constructor(parts: {
    node: NodeEngine
    boot: NodeBoot
    logs: ContainerLogs
    images: DockerImages
    sandboxes: DockerSandboxes
    clock: Clock
  }) {
    this.#node = parts.node
    this.#boot = parts.boot
    this.#logs = parts.logs
    this.#images = parts.images
    this.#sandboxes = parts.sandboxes
    this.#clock = parts.clock
  }

  async create(sandboxId: string, config: ContainerConfig, sandboxConfig: PodSandboxConfig): Promise<string> {
    const { options } = this.#node
    const { boot, nodeContainerId } = this.#boot.require()
    const { removals } = this.#sandboxes
    const logPath = joinLogPath(sandboxConfig.logDirectory, config.logPath)
    if (logPath !== '') computeVolumeSubpath(logPath)
    const [sandbox, imageId] = await Promise.all([
      this.#node.get(sandboxId, 'sandbox'),
      this.#images.resolveId(config.image.image),
    ])
    if (!sandbox.container.State.Running)
      throw new CriError('FailedPrecondition', `pod sandbox ${sandboxId} is not running`)
    await this.#checkTarget(config, sandbox)
    const fullId = sandbox.container.Id
    const { podName, podNamespace, podUid, attempt } = sandbox.identity
    const metadata = { name: podName, namespace: podNamespace, uid: podUid, attempt }
    const name = containerEngineName(options, metadata, config.metadata)
    const input = { sandboxId: fullId, config, sandbox: { ...sandboxConfig, metadata }, imageId }
    const labels = containerLabels(options, input, boot, BigInt(this.#clock.now()) * 1_000_000n)
    const body = computeContainerCreateBody(options, fullId, config, { nodeContainerId, imageId }, labels)
    const wanted = { role: 'container', boot, specHash: specHash(config), sandboxId: fullId } as const
    const { id } = await this.#node.create(name, body, wanted)
    await this.#sandboxes.checkBoot(id, boot)
    if (this.#sandboxes.removals !== removals) await this.#checkSandbox(id, fullId)
    return id
  }

  /** A sandbox that was removed while its container was made did not take it with it. */
  async #checkSandbox(id: string, sandboxId: string): Promise<void> {
    if ((await this.#node.find(sandboxId, 'sandbox')) !== undefined) return
    await this.#node.remove(id)
    throw new CriError('NotFound', `pod sandbox ${sandboxId} was removed meanwhile`)
  }

  /** A process namespace can be shared with a container of the same pod only. */
  async #checkTarget(config: ContainerConfig, sandbox: OwnContainer): Promise<void> {
    const { pid, targetId } = config.linux.securityContext.namespaceOptions
    if (pid !== 'TARGET') return
    const target = await this.#node.get(targetId ?? '', 'container')
    if (target.identity.sandboxId !== sandbox.container.Id)
      throw new CriError('PermissionDenied', `container ${targetId} is not in the same pod (safety policy of Node Lab)`)
  }

  /** Two calls at once do not run it twice, however soon it ends. */
  start(id: string): Promise<void> {
    const starting = this.#starting.get(id) ?? this.#start(id).finally(() => this.#starting.delete(id))
    this.#starting.set(id, starting)
    return starting
  }

  async #start(id: string): Promise<void> {
    const { container, identity } = await this.#node.get(id, 'container')
    // The engine would run it once more, and what it ended with would be lost.
    if (computeRunFacts(container.State, identity.createdAtNs).state === 'CONTAINER_EXITED')
      throw new CriError('FailedPrecondition', `container ${container.Id} has ended and is not started again`)
    try {
      await this.#node.start(container.Id)
    } catch (error) {
      if (!isEngineStatus(error, 304))
        throw this.#inNodeWords(toCriError(error, `failed to start container "${container.Id}": `))
    }
    this.#logs.ensure({ id: container.Id, tty: container.Config.Tty, logPath: identity.logPath, running: true })
  }

  #inNodeWords(error: CriError): CriError {
    return new CriError(error.code, computeNodeWords(this.#node.options.volume, error.message), { cause: error })
  }

  async stop(id: string, timeoutSeconds: number): Promise<void> {
    const own = await this.#node.find(id, 'container')
    if (own?.container.State.Running === true) await this.#node.stop(own.container.Id, timeoutSeconds)
  }

  async remove(id: string): Promise<void> {
    const own = await this.#node.find(id, 'container')
    if (own !== undefined) await this.#sandboxes.removeContainer(own.container.Id)
  }

  async status(id: string): Promise<CriContainerStatus> {
    const { container, identity } = await this.#node.get(id, 'container')
    return toCriContainerStatus(container, identity)
  }

  async list(filter?: ContainerFilter): Promise<CriContainer[]> {
    const sandboxId = filter?.podSandboxId
    const selector = sandboxId?.length === 64 ? [`${SANDBOX_ID_LABEL}=${sandboxId}`] : []
    const listed = await this.#node.list('container', selector)
    const containers = await Promise.all(listed.map((item) => this.#toListed(item)))
    return containers.filter(
      (container) => container !== undefined && matchesContainer(container, filter),
    ) as CriContainer[]
  }

  async #toListed({ summary, labels, identity }: ListedContainer): Promise<CriContainer | undefined> {
    let state: ContainerRuntimeState = computeListedState(summary.State)
    if (state === 'CONTAINER_CREATED') {
      const own = await this.#node.find(summary.Id, 'container')
      if (own === undefined) return undefined
      state = computeRunFacts(own.container.State, identity.createdAtNs).state
    }
    return toCriContainer(summary.Id, labels, identity, state)
  }

  /** Statuses of everything in a sandbox; what goes away meanwhile is left out. */
  async statusesOf(sandboxId: string): Promise<CriContainerStatus[]> {
    const listed = await this.#node.list('container', [`${SANDBOX_ID_LABEL}=${sandboxId}`])
    const found = await Promise.all(listed.map(({ summary }) => this.#node.find(summary.Id, 'container')))
    return found.flatMap((own) => (own === undefined ? [] : [toCriContainerStatus(own.container, own.identity)]))
  }

  async exec(id: string, command: string[], timeoutSeconds: number): Promise<ExecSyncResponse> {
    const { container } = await this.#node.get(id, 'container')
    if (!container.State.Running) throw new CriError('FailedPrecondition', `container ${id} is not running`)
    return execSync(this.#node.engine, this.#clock, container.Id, command, timeoutSeconds)
  }

  async updateResources(id: string, resources: LinuxContainerResources): Promise<void> {
    const body = computeUpdateBody(resources)
    const { container, identity } = await this.#node.get(id, 'container')
    if (computeRunFacts(container.State, identity.createdAtNs).state === 'CONTAINER_EXITED')
      throw new CriError('FailedPrecondition', `container ${id} has ended`)
    if (Object.keys(body).length > 0) await this.#node.update(container.Id, body)
  }

  async reopenLog(id: string): Promise<void> {
    const { container } = await this.#node.get(id, 'container')
    await this.#logs.reopen(container.Id)
  }

  /** Writes on where the logs of all containers end, those that died while nobody looked included. */
  async resumeLogs(): Promise<void> {
    const listed = await this.#node.list('container')
    await this.#logs.retain(new Set(listed.map(({ summary }) => summary.Id)))
    for (const { summary, identity } of listed) {
      if (summary.State === 'created' || identity.logPath === '' || this.#logs.has(summary.Id)) continue
      await this.resumeLog(summary.Id)
    }
  }

  async resumeLog(id: string): Promise<void> {
    const own = await this.#node.find(id, 'container')
    if (own === undefined) return
    const { container, identity } = own
    const running = container.State.Running
    this.#logs.ensure({ id: container.Id, tty: container.Config.Tty, logPath: identity.logPath, running })
  }
}
