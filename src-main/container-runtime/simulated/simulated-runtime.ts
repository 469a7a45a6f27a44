/**
 * A container runtime without an engine: CRI's semantics on an injected clock, with scripted containers. Used by the
 * kubelet's tests and by simulated labs. Time passes only in behaviours and set latencies; everything else is immediate.
 */
import { delay } from '../../base/clock.ts'
import type { Clock } from '../../base/clock.ts'
import { CriError } from '../cri.ts'
import type {
  CgroupDriver,
  ContainerConfig,
  ContainerFilter,
  ContainerStats,
  ContainerStatsFilter,
  CriContainer,
  CriContainerStatus,
  ExecSyncResponse,
  ImageService,
  LinuxContainerResources,
  PodSandbox,
  PodSandboxConfig,
  PodSandboxFilter,
  PodSandboxStats,
  PodSandboxStatsFilter,
  PodSandboxStatus,
  RuntimeCondition,
  RuntimeService,
  VerboseInfo,
  VersionResponse,
} from '../cri.ts'
import { matchesContainer, matchesPodSandbox } from '../filters.ts'
import type { ContainerBehaviour, SimulatedImage } from './behaviour.ts'
import { CallScript } from './call-script.ts'
import type { CriMethod, RecordedCall } from './call-script.ts'
import { SimulatedImages } from './simulated-images.ts'
import { SimulatedPods } from './simulated-pods.ts'
import { mergeResources, simulatedContainerStats, simulatedPodStats } from './simulated-stats.ts'
import {
  simulatedId,
  toCriContainer,
  toCriContainerStatus,
  toPodSandbox,
  toPodSandboxStatus,
} from './simulated-state.ts'
import type { SimulatedContainer, SimulatedSandbox } from './simulated-state.ts'
import { computePodAddress } from './simulated-runtime-options.ts'
import type { BehaviourScript, SimulatedRuntimeOptions } from './simulated-runtime-options.ts'
import { refuseStreams } from './simulated-streams.ts'

const SIMULATED_RUNTIME_TYPE = 'simulated'

export class SimulatedRuntime implements RuntimeService {
  /** The image service of the same simulated engine. */
  readonly images: ImageService
  /** Runtime conditions that `status` answers; a test may change them. */
  conditions: RuntimeCondition[] = [
    { type: 'RuntimeReady', status: true, reason: '', message: '' },
    { type: 'NetworkReady', status: true, reason: '', message: '' },
  ]

  exec: RuntimeService['exec']
  attach: RuntimeService['attach']
  portForward: RuntimeService['portForward']

  readonly #clock: Clock
  readonly #script: CallScript
  readonly #images: SimulatedImages
  readonly #pods: SimulatedPods
  readonly #behaviours = new Map<string, ContainerBehaviour[]>()
  readonly #behaviourScript: BehaviourScript
  readonly #podAddress: (serial: number) => string
  #serial = 0

  constructor(options: SimulatedRuntimeOptions) {
    this.#clock = options.clock
    this.#script = new CallScript(options.clock, options.isRecording ?? true)
    this.#pods = new SimulatedPods(options.clock)
    this.#images = new SimulatedImages(options.clock, this.#script, options.registry ?? (() => undefined))
    this.images = this.#images
    this.#behaviourScript = options.behaviour ?? (() => undefined)
    this.#podAddress = options.podAddress ?? computePodAddress
    const noStreams = refuseStreams(options.noStreams ?? 'simulated pods have no streams')
    this.exec = noStreams
    this.attach = noStreams
    this.portForward = noStreams
    for (const image of options.images ?? []) this.#images.set(image)
  }

  // What a test controls.

  /** Every call so far, in order, of both services. */
  get calls(): readonly RecordedCall[] {
    return this.#script.calls
  }

  callsOf(method: CriMethod): RecordedCall[] {
    return this.#script.callsOf(method)
  }

  /**
   * Scripts the containers named `containerName` (of any pod): the first one made takes the first behaviour and so
   * on; the last behaviour is used for all further ones.
   */
  behave(containerName: string, ...behaviours: ContainerBehaviour[]): void {
    this.#behaviours.set(containerName, behaviours)
  }

  setImage(image: SimulatedImage): void {
    this.#images.set(image)
  }

  /** The next `times` calls of `method` reject with `error`, without any effect. */
  failNext(method: CriMethod, error: CriError, times = 1): void {
    this.#script.failNext(method, error, times)
  }

  clearFailures(): void {
    this.#script.clearFailures()
  }

  /** Every call of `method` takes so long before it does anything. */
  setLatency(method: CriMethod, latencyMs: number): void {
    this.#script.setLatency(method, latencyMs)
  }

  /** `true`: the runtime service is gone: all calls reject with Unavailable and event streams break. Containers run on. */
  setUnavailable(unavailable: boolean): void {
    this.#script.unavailable = unavailable
    if (unavailable) this.breakEventStreams()
  }

  /** Event streams reject, as after a restart of the runtime service. */
  breakEventStreams(): void {
    this.#pods.subscribers.breakAll(new CriError('Unavailable', 'the simulated event stream broke'))
  }

  /** A running container's process ends now, without the kubelet's doing: 137 is SIGKILL. */
  exitContainer(containerId: string, exitCode = 137, options: { oomKilled?: boolean } = {}): void {
    const container = this.#pods.containers.get(containerId)
    if (container === undefined) throw new Error(`there is no simulated container ${containerId}`)
    this.#pods.exit(container, exitCode, options.oomKilled === true)
  }

  /** The pause process dies: the sandbox is not ready and everything in it is dead. */
  killSandbox(sandboxId: string): void {
    const sandbox = this.#pods.sandboxes.get(sandboxId)
    if (sandbox === undefined) throw new Error(`there is no simulated sandbox ${sandboxId}`)
    this.#pods.endSandbox(sandbox)
  }

  /** Someone removes a container or sandbox behind the kubelet's back. */
  vanish(id: string): void {
    const sandbox = this.#pods.sandboxes.get(id)
    if (sandbox !== undefined) this.#pods.deleteSandbox(sandbox)
    const container = this.#pods.containers.get(id)
    if (container !== undefined) this.#pods.deleteContainer(container)
  }

  /** The running container of this name, newest first. */
  findContainer(containerName: string): CriContainerStatus | undefined {
    const found = [...this.#pods.containers.values()]
      .filter((entry) => entry.config.metadata.name === containerName)
      .at(-1)
    return found === undefined ? undefined : toCriContainerStatus(found)
  }

  /** Numbers of sandboxes and containers that exist, in whatever state. */
  get population(): { sandboxes: number; containers: number } {
    return { sandboxes: this.#pods.sandboxes.size, containers: this.#pods.containers.size }
  }

  /** Everything that exists now; no call of the runtime's is made for it. */
  get contents(): { sandboxes: PodSandboxStatus[]; containers: (CriContainerStatus & { podSandboxId: string })[] } {
    return {
      sandboxes: [...this.#pods.sandboxes.values()].map(toPodSandboxStatus),
      containers: [...this.#pods.containers.values()].map((container) => ({
        ...toCriContainerStatus(container),
        podSandboxId: container.sandboxId,
      })),
    }
  }

  // RuntimeService.

  async version(): Promise<VersionResponse> {
    await this.#script.enter('version', [])
    return { version: '0.1.0', runtimeName: 'simulated', runtimeVersion: '1.0.0', runtimeApiVersion: 'v1' }
  }

  async status(): Promise<{ conditions: RuntimeCondition[] }> {
    await this.#script.enter('status', [])
    return { conditions: structuredClone(this.conditions) }
  }

  async statusInfo(): Promise<VerboseInfo> {
    await this.#script.enter('statusInfo', [])
    return {}
  }

  async runtimeConfig(): Promise<{ cgroupDriver: CgroupDriver }> {
    await this.#script.enter('runtimeConfig', [])
    return { cgroupDriver: 'CGROUPFS' }
  }

  async updateRuntimeConfig(config: { podCidr: string }): Promise<void> {
    await this.#script.enter('updateRuntimeConfig', [config])
  }

  async runPodSandbox(config: PodSandboxConfig): Promise<string> {
    await this.#script.enter('runPodSandbox', [config])
    const existing = [...this.#pods.sandboxes.values()].find(
      (entry) =>
        entry.config.metadata.uid === config.metadata.uid && entry.config.metadata.attempt === config.metadata.attempt,
    )
    if (existing?.state === 'SANDBOX_READY') return existing.id
    if (existing !== undefined) this.#pods.deleteSandbox(existing)
    const serial = ++this.#serial
    const inNodeNetwork = config.linux.securityContext.namespaceOptions.network === 'NODE'
    const sandbox: SimulatedSandbox = {
      id: simulatedId('sandbox', serial),
      config: structuredClone(config),
      state: 'SANDBOX_READY',
      createdAt: this.#pods.uniqueNs(),
      ip: inNodeNetwork ? '' : this.#podAddress(serial),
    }
    this.#pods.sandboxes.set(sandbox.id, sandbox)
    this.#pods.emit(sandbox, sandbox.id, 'CONTAINER_CREATED_EVENT')
    this.#pods.emit(sandbox, sandbox.id, 'CONTAINER_STARTED_EVENT')
    return sandbox.id
  }

  async stopPodSandbox(podSandboxId: string): Promise<void> {
    await this.#script.enter('stopPodSandbox', [podSandboxId])
    const sandbox = this.#pods.sandboxes.get(podSandboxId)
    if (sandbox !== undefined) this.#pods.endSandbox(sandbox)
  }

  async removePodSandbox(podSandboxId: string): Promise<void> {
    await this.#script.enter('removePodSandbox', [podSandboxId])
    const sandbox = this.#pods.sandboxes.get(podSandboxId)
    if (sandbox !== undefined) this.#pods.deleteSandbox(sandbox)
  }

  async podSandboxStatus(podSandboxId: string): Promise<PodSandboxStatus> {
    await this.#script.enter('podSandboxStatus', [podSandboxId])
    return toPodSandboxStatus(this.#pods.sandbox(podSandboxId))
  }

  async podSandboxInfo(podSandboxId: string): Promise<VerboseInfo> {
    await this.#script.enter('podSandboxInfo', [podSandboxId])
    this.#pods.sandbox(podSandboxId)
    return { info: JSON.stringify({ runtimeType: SIMULATED_RUNTIME_TYPE }) }
  }

  async listPodSandbox(filter?: PodSandboxFilter): Promise<PodSandbox[]> {
    await this.#script.enter('listPodSandbox', [filter])
    return [...this.#pods.sandboxes.values()].map(toPodSandbox).filter((sandbox) => matchesPodSandbox(sandbox, filter))
  }

  async createContainer(
    podSandboxId: string,
    config: ContainerConfig,
    sandboxConfig: PodSandboxConfig,
  ): Promise<string> {
    await this.#script.enter('createContainer', [podSandboxId, config, sandboxConfig])
    const sandbox = this.#pods.sandbox(podSandboxId)
    if (sandbox.state !== 'SANDBOX_READY')
      throw new CriError('FailedPrecondition', `sandbox ${podSandboxId} is not running`)
    const adopted = this.#pods.adoptOrReplace(sandbox, config)
    if (adopted !== undefined) return adopted
    const behaviour = this.#chooseBehaviour(config, sandboxConfig)
    if (behaviour.createError !== undefined) throw new CriError('Unknown', behaviour.createError)
    const imageRef = this.#images.presentId(config.image.image)
    if (imageRef === undefined) throw new CriError('NotFound', `no such image: ${config.image.image}`)
    const container: SimulatedContainer = {
      id: simulatedId('container', ++this.#serial),
      sandboxId: sandbox.id,
      config: structuredClone(config),
      logPath: `${sandboxConfig.logDirectory}/${config.logPath}`,
      imageRef,
      behaviour,
      createdAt: this.#pods.uniqueNs(),
      run: { state: 'created' },
    }
    this.#pods.containers.set(container.id, container)
    this.#pods.emit(sandbox, container.id, 'CONTAINER_CREATED_EVENT')
    return container.id
  }

  async startContainer(containerId: string): Promise<void> {
    await this.#script.enter('startContainer', [containerId])
    await this.#pods.start(this.#pods.container(containerId))
  }

  async stopContainer(containerId: string, timeoutSeconds: number): Promise<void> {
    await this.#script.enter('stopContainer', [containerId, timeoutSeconds])
    const container = this.#pods.containers.get(containerId)
    if (container !== undefined) await this.#pods.stop(container, timeoutSeconds)
  }

  async removeContainer(containerId: string): Promise<void> {
    await this.#script.enter('removeContainer', [containerId])
    const container = this.#pods.containers.get(containerId)
    if (container !== undefined) this.#pods.deleteContainer(container)
  }

  async listContainers(filter?: ContainerFilter): Promise<CriContainer[]> {
    await this.#script.enter('listContainers', [filter])
    return [...this.#pods.containers.values()].map(toCriContainer).filter((entry) => matchesContainer(entry, filter))
  }

  async containerStatus(containerId: string): Promise<CriContainerStatus> {
    await this.#script.enter('containerStatus', [containerId])
    return toCriContainerStatus(this.#pods.container(containerId))
  }

  async containerInfo(containerId: string): Promise<VerboseInfo> {
    await this.#script.enter('containerInfo', [containerId])
    const { sandboxId } = this.#pods.container(containerId)
    return { info: JSON.stringify({ sandboxID: sandboxId, runtimeType: SIMULATED_RUNTIME_TYPE }) }
  }

  async execSync(containerId: string, command: string[], timeoutSeconds: number): Promise<ExecSyncResponse> {
    await this.#script.enter('execSync', [containerId, command, timeoutSeconds])
    const container = this.#pods.container(containerId)
    if (container.run.state !== 'running')
      throw new CriError('FailedPrecondition', `container ${containerId} is not running`)
    const { afterMs = 0, startError, ...response } = container.behaviour.exec?.(command) ?? {}
    if (startError !== undefined) throw new CriError('Unknown', `failed to exec in container: ${startError}`)
    const limitMs = timeoutSeconds > 0 ? timeoutSeconds * 1000 : Infinity
    if (afterMs > 0) await delay(this.#clock, Math.min(afterMs, limitMs))
    if (afterMs > limitMs)
      throw new CriError('DeadlineExceeded', `command "${command.join(' ')}" timed out after ${timeoutSeconds}s`)
    return { stdout: new Uint8Array(), stderr: new Uint8Array(), exitCode: 0, ...response }
  }

  async reopenContainerLog(containerId: string): Promise<void> {
    await this.#script.enter('reopenContainerLog', [containerId])
    if (this.#pods.container(containerId).run.state !== 'running')
      throw new CriError('FailedPrecondition', `container ${containerId} is not running`)
  }

  async updateContainerResources(containerId: string, resources: LinuxContainerResources): Promise<void> {
    await this.#script.enter('updateContainerResources', [containerId, resources])
    const container = this.#pods.container(containerId)
    if (container.run.state === 'exited') return
    container.config.linux.resources = mergeResources(container.config.linux.resources, resources)
  }

  async containerStats(containerId: string): Promise<ContainerStats> {
    await this.#script.enter('containerStats', [containerId])
    return simulatedContainerStats(this.#pods.container(containerId), this.#pods.nowNs())
  }

  async listContainerStats(filter?: ContainerStatsFilter): Promise<ContainerStats[]> {
    await this.#script.enter('listContainerStats', [filter])
    return [...this.#pods.containers.values()]
      .filter((container) => container.run.state === 'running' && matchesContainer(toCriContainer(container), filter))
      .map((container) => simulatedContainerStats(container, this.#pods.nowNs()))
  }

  async podSandboxStats(podSandboxId: string): Promise<PodSandboxStats> {
    await this.#script.enter('podSandboxStats', [podSandboxId])
    return this.#podStats(this.#pods.sandbox(podSandboxId))
  }

  async listPodSandboxStats(filter?: PodSandboxStatsFilter): Promise<PodSandboxStats[]> {
    await this.#script.enter('listPodSandboxStats', [filter])
    return [...this.#pods.sandboxes.values()]
      .filter((sandbox) => sandbox.state === 'SANDBOX_READY' && matchesPodSandbox(toPodSandbox(sandbox), filter))
      .map((sandbox) => this.#podStats(sandbox))
  }

  async getContainerEvents(options: Parameters<RuntimeService['getContainerEvents']>[0]): Promise<void> {
    await this.#script.enter('getContainerEvents', [])
    await this.#pods.subscribers.subscribe(options)
  }

  // Inside.

  #podStats(sandbox: SimulatedSandbox): PodSandboxStats {
    const running = this.#pods.containersOf(sandbox.id).filter(({ run }) => run.state === 'running')
    return simulatedPodStats(sandbox, running, this.#pods.nowNs())
  }

  #chooseBehaviour(config: ContainerConfig, sandbox: PodSandboxConfig): ContainerBehaviour {
    const queue = this.#behaviours.get(config.metadata.name)
    if (queue === undefined || queue.length === 0) return this.#behaviourScript(config, sandbox) ?? {}
    return (queue.length > 1 ? queue.shift() : queue[0]) ?? {}
  }
}
