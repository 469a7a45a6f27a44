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
import { heldAt } from './compute-memory-volumes.ts'
import { computeVolumeSubpath, findHeldVolume } from './compute-mounts.ts'
import { computeNodeWords } from './compute-node-words.ts'
import type { DockerImages } from './docker-images.ts'
import type { DockerSandboxes } from './docker-sandboxes.ts'
import { isEngineStatus, toCriError } from './engine-client.ts'
import { containerEngineName, containerLabels, joinLogPath, specHash } from './engine-labels.ts'
import { execSync } from './exec-sync.ts'
import type { ContainerLogs } from './logs/container-logs.ts'
import { makeMissingFolder } from './node-files.ts'
import { computeListedState, computeRunFacts, toCriContainer, toCriContainerStatus } from './map-status.ts'
import type { NodeBoot } from './node-boot.ts'
import type { ListedContainer, NodeEngine, OwnContainer } from './node-engine.ts'
import { computeContainerMounts } from './sandbox-files.ts'
import type { StartsInFlight } from './starts-in-flight.ts'

/** With the mode of the volume, so that all of the pod's users may write into it. */
const MAKE_FOLDER = 'umask 0; [ -e "$0" ] || /busybox mkdir -p "$0"'
const MAKE_FOLDER_LIMIT_SECONDS = 20

export class DockerContainers {
  readonly #node: NodeEngine
  readonly #boot: NodeBoot
  readonly #logs: ContainerLogs
  readonly #images: DockerImages
  readonly #sandboxes: DockerSandboxes
  readonly #starts: StartsInFlight
  readonly #clock: Clock
  /** The last container that was made, until one is started: mostly that one. */
  #made: { engineId: string; tty: boolean; logPath: string; boot: string } | undefined
  readonly #nodeRoot: string

  constructor(parts: {
    node: NodeEngine
    boot: NodeBoot
    logs: ContainerLogs
    images: DockerImages
    sandboxes: DockerSandboxes
    starts: StartsInFlight
    clock: Clock
    nodeRoot: string
  }) {
    this.#node = parts.node
    this.#boot = parts.boot
    this.#logs = parts.logs
    this.#images = parts.images
    this.#sandboxes = parts.sandboxes
    this.#starts = parts.starts
    this.#clock = parts.clock
    this.#nodeRoot = parts.nodeRoot
  }

  async create(sandboxId: string, config: ContainerConfig, sandboxConfig: PodSandboxConfig): Promise<string> {
    const { options } = this.#node
    const { boot, nodeContainerId } = this.#boot.require()
    const { removals } = this.#sandboxes
    const logPath = joinLogPath(sandboxConfig.logDirectory, config.logPath)
    if (logPath !== '') computeVolumeSubpath(logPath)
    const [sandbox, imageId] = await Promise.all([
      this.#sandboxes.forContainer(sandboxId),
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
    const { heldVolumes, hasResolvConf } = sandbox.identity
    const mounts = computeContainerMounts({ id: fullId, hasResolvConf }, config)
    const ids = { nodeContainerId, imageId, heldVolumes }
    const body = computeContainerCreateBody(options, fullId, { ...config, mounts }, ids, labels)
    await this.#makeMemoryFolders(sandbox, config)
    const wanted = { role: 'container', boot, specHash: specHash(config), sandboxId: fullId } as const
    for (const { hostPath } of config.mounts)
      if (findHeldVolume(heldVolumes, hostPath) === undefined) await this.#makeMissing(hostPath)
    const { id } = await this.#node.create(name, body, wanted)
    await this.#sandboxes.checkBoot(id, boot)
    if (this.#sandboxes.removals !== removals) await this.#checkSandbox(id, fullId)
    this.#made = { engineId: id, tty: config.tty, logPath, boot }
    return id
  }

  /** The engine mounts only what is there, and the kubelet cannot look into the memory: the pause container makes it. */
  async #makeMemoryFolders({ container, identity }: OwnContainer, config: ContainerConfig): Promise<void> {
    for (const { hostPath } of config.mounts) {
      const memory = findHeldVolume(identity.heldVolumes, hostPath)
      if (memory === undefined || memory.subpath === '') continue
      const folder = `${heldAt(memory.index)}/${memory.subpath}`
      const { exitCode, stderr } = await execSync(
        this.#node.engine,
        this.#clock,
        container.Id,
        ['/busybox', 'sh', '-c', MAKE_FOLDER, folder],
        MAKE_FOLDER_LIMIT_SECONDS,
        'root',
      )
      if (exitCode !== 0)
        throw new CriError(
          'Unknown',
          `cannot make "${memory.subpath}" in ${hostPath}: ${Buffer.from(stderr).toString()}`,
        )
    }
  }

  /** A sandbox that was removed while its container was made did not take it with it. */
  async #checkSandbox(id: string, sandboxId: string): Promise<void> {
    if ((await this.#node.find(sandboxId, 'sandbox')) !== undefined) return
    await this.#node.remove(id)
    throw new CriError('NotFound', `pod sandbox ${sandboxId} was removed meanwhile`)
  }

  /** The body has been built by now, so that the path is one that a pod may have. */
  async #makeMissing(hostPath: string): Promise<void> {
    try {
      await makeMissingFolder(this.#nodeRoot, hostPath)
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? String(error)
      throw new CriError('Unknown', `hostPath "${hostPath}" is missing and cannot be made: ${reason}`, { cause: error })
    }
  }

  /** A process namespace can be shared with a container of the same pod only. */
  async #checkTarget(config: ContainerConfig, sandbox: OwnContainer): Promise<void> {
    const { pid, targetId } = config.linux.securityContext.namespaceOptions
    if (pid !== 'TARGET') return
    const target = await this.#node.get(targetId ?? '', 'container')
    if (target.identity.sandboxId !== sandbox.container.Id)
      throw new CriError('PermissionDenied', `container ${targetId} is not in the same pod (safety policy of Node Lab)`)
  }

  start(id: string): Promise<void> {
    return this.#starts.run(id, () => this.#start(id))
  }

  async #start(id: string): Promise<void> {
    const { engineId, tty, logPath } = await this.#facts(id)
    try {
      await this.#node.start(engineId)
    } catch (error) {
      // Not found is said of the container, and of what it needs.
      if (isEngineStatus(error, 404)) await this.#node.get(engineId, 'container')
      throw this.#inNodeWords(toCriError(error, `failed to start container "${engineId}": `))
    }
    this.#logs.ensure({ id: engineId, tty, logPath, running: true })
  }

  /** Of a container of this node; one that was made a moment ago is known and need not be asked for. */
  async #facts(id: string): Promise<{ engineId: string; tty: boolean; logPath: string }> {
    const made = this.#made
    this.#made = undefined
    const { boot } = this.#boot.require()
    if (made?.engineId === id && made.boot === boot) return made
    const { container, identity } = await this.#node.get(id, 'container')
    if (identity.boot !== boot)
      throw new CriError('FailedPrecondition', `container ${id} ended with an earlier boot of the node`)
    const { state } = computeRunFacts(container.State, identity.createdAtNs)
    // The engine would let a container that has exited run again, under the same attempt.
    if (state !== 'CONTAINER_CREATED')
      throw new CriError('FailedPrecondition', `container ${id} is in state ${state} and cannot be started`)
    return { engineId: container.Id, tty: container.Config.Tty, logPath: identity.logPath }
  }

  /** What the engine did not find is something that the container needs; callers would take it for the container. */
  #inNodeWords(error: CriError): CriError {
    const code = error.code === 'NotFound' ? 'Unknown' : error.code
    return new CriError(code, computeNodeWords(this.#node.options.volume, error.message), { cause: error })
  }

  async stop(id: string, timeoutSeconds: number): Promise<void> {
    await this.#starts.ended([id])
    const own = await this.#node.find(id, 'container')
    if (own?.container.State.Running === true) await this.#node.stop(own.container.Id, timeoutSeconds)
  }

  async remove(id: string): Promise<void> {
    const own = await this.#node.find(id, 'container')
    if (own !== undefined) await this.#sandboxes.removeContainer(own.container.Id)
  }

  async status(id: string): Promise<CriContainerStatus> {
    const { container, identity } = await this.#node.get(id, 'container')
    if (computeRunFacts(container.State, identity.createdAtNs).state === 'CONTAINER_EXITED')
      await this.#logs.completeBeforeNews(container.Id, container.Config.Labels ?? {})
    return toCriContainerStatus(container, identity)
  }

  async list(filter?: ContainerFilter): Promise<CriContainer[]> {
    const sandboxId = filter?.podSandboxId
    const inSandbox = sandboxId?.length === 64 ? { [SANDBOX_ID_LABEL]: sandboxId } : {}
    const listed = await this.#node.list('container', { ...filter?.labelSelector, ...inSandbox })
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
    const listed = await this.#node.list('container', { [SANDBOX_ID_LABEL]: sandboxId })
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
    const hasEnded = computeRunFacts(container.State, identity.createdAtNs).state === 'CONTAINER_EXITED'
    if (!hasEnded && Object.keys(body).length > 0) await this.#node.update(container.Id, body)
  }

  async reopenLog(id: string): Promise<void> {
    const { container } = await this.#node.get(id, 'container')
    if (!container.State.Running) throw new CriError('FailedPrecondition', `container ${id} is not running`)
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
