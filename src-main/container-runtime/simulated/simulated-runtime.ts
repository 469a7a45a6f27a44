/**
 * A container runtime without an engine: CRI's semantics on an injected clock, with scripted containers. Used by the
 * kubelet's tests and by simulated labs. Time passes only in behaviours and set latencies; everything else is immediate.
 */
import { delay } from '../../base/clock.ts'
import type { Clock } from '../../base/clock.ts'
import { CriError } from '../cri.ts'
import type {
  ContainerConfig,
  ContainerEventResponse,
  ContainerEventType,
  ContainerFilter,
  CriContainer,
  CriContainerStatus,
  ExecSyncResponse,
  ImageService,
  PodSandbox,
  PodSandboxConfig,
  PodSandboxFilter,
  PodSandboxStatus,
  RuntimeCondition,
  RuntimeService,
  VersionResponse,
} from '../cri.ts'
import { EventSubscribers } from '../event-subscribers.ts'
import { matchesContainer, matchesPodSandbox } from '../filters.ts'
import type { ContainerBehaviour, SimulatedImage } from './behaviour.ts'
import { CallScript } from './call-script.ts'
import type { CriMethod, RecordedCall } from './call-script.ts'
import { SimulatedImages } from './simulated-images.ts'
import {
  simulatedId,
  toCriContainer,
  toCriContainerStatus,
  toPodSandbox,
  toPodSandboxStatus,
} from './simulated-state.ts'
import type { SimulatedContainer, SimulatedSandbox } from './simulated-state.ts'

/** Chooses what a container will do; `undefined`: it runs for ever and exits with 0 when asked to stop. */
export type BehaviourScript = (config: ContainerConfig, sandbox: PodSandboxConfig) => ContainerBehaviour | undefined

export class SimulatedRuntime implements RuntimeService {
  /** The image service of the same simulated engine. */
  readonly images: ImageService
  /** Runtime conditions that `status` answers; a test may change them. */
  conditions: RuntimeCondition[] = [
    { type: 'RuntimeReady', status: true, reason: '', message: '' },
    { type: 'NetworkReady', status: true, reason: '', message: '' },
  ]

  readonly #clock: Clock
  readonly #script: CallScript
  readonly #images: SimulatedImages
  readonly #sandboxes = new Map<string, SimulatedSandbox>()
  readonly #containers = new Map<string, SimulatedContainer>()
  readonly #behaviours = new Map<string, ContainerBehaviour[]>()
  readonly #subscribers = new EventSubscribers()
  readonly #behaviourScript: BehaviourScript
  #serial = 0
  #lastNs = 0n

  constructor(options: { clock: Clock; images?: SimulatedImage[]; behaviour?: BehaviourScript }) {
    this.#clock = options.clock
    this.#script = new CallScript(options.clock)
    this.#images = new SimulatedImages(options.clock, this.#script)
    this.images = this.#images
    this.#behaviourScript = options.behaviour ?? (() => undefined)
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
    this.#subscribers.breakAll(new CriError('Unavailable', 'the simulated event stream broke'))
  }

  /** A running container's process ends now, without the kubelet's doing: 137 is SIGKILL. */
  exitContainer(containerId: string, exitCode = 137, options: { oomKilled?: boolean } = {}): void {
    const container = this.#containers.get(containerId)
    if (container === undefined) throw new Error(`there is no simulated container ${containerId}`)
    this.#exit(container, exitCode, options.oomKilled === true)
  }

  /** The pause process dies: the sandbox is not ready and everything in it is dead. */
  killSandbox(sandboxId: string): void {
    const sandbox = this.#sandboxes.get(sandboxId)
    if (sandbox === undefined) throw new Error(`there is no simulated sandbox ${sandboxId}`)
    this.#endSandbox(sandbox)
  }

  /** Someone removes a container or sandbox behind the kubelet's back. */
  vanish(id: string): void {
    const sandbox = this.#sandboxes.get(id)
    if (sandbox !== undefined) this.#deleteSandbox(sandbox)
    const container = this.#containers.get(id)
    if (container !== undefined) this.#deleteContainer(container)
  }

  /** The running container of this name, newest first. */
  findContainer(containerName: string): CriContainerStatus | undefined {
    const found = [...this.#containers.values()].filter((entry) => entry.config.metadata.name === containerName).at(-1)
    return found === undefined ? undefined : toCriContainerStatus(found)
  }

  /** Numbers of sandboxes and containers that exist, in whatever state. */
  get population(): { sandboxes: number; containers: number } {
    return { sandboxes: this.#sandboxes.size, containers: this.#containers.size }
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

  async runPodSandbox(config: PodSandboxConfig): Promise<string> {
    await this.#script.enter('runPodSandbox', [config])
    const existing = [...this.#sandboxes.values()].find(
      (entry) =>
        entry.config.metadata.uid === config.metadata.uid && entry.config.metadata.attempt === config.metadata.attempt,
    )
    if (existing?.state === 'SANDBOX_READY') return existing.id
    if (existing !== undefined) this.#deleteSandbox(existing)
    const serial = ++this.#serial
    const inNodeNetwork = config.linux.securityContext.namespaceOptions.network === 'NODE'
    const sandbox: SimulatedSandbox = {
      id: simulatedId('sandbox', serial),
      config: structuredClone(config),
      state: 'SANDBOX_READY',
      createdAt: this.#nowNs(),
      ip: inNodeNetwork ? '' : `10.88.${serial >> 8}.${serial & 255}`,
    }
    this.#sandboxes.set(sandbox.id, sandbox)
    this.#emit(sandbox, sandbox.id, 'CONTAINER_CREATED_EVENT')
    this.#emit(sandbox, sandbox.id, 'CONTAINER_STARTED_EVENT')
    return sandbox.id
  }

  async stopPodSandbox(podSandboxId: string): Promise<void> {
    await this.#script.enter('stopPodSandbox', [podSandboxId])
    const sandbox = this.#sandboxes.get(podSandboxId)
    if (sandbox !== undefined) this.#endSandbox(sandbox)
  }

  async removePodSandbox(podSandboxId: string): Promise<void> {
    await this.#script.enter('removePodSandbox', [podSandboxId])
    const sandbox = this.#sandboxes.get(podSandboxId)
    if (sandbox !== undefined) this.#deleteSandbox(sandbox)
  }

  async podSandboxStatus(podSandboxId: string): Promise<PodSandboxStatus> {
    await this.#script.enter('podSandboxStatus', [podSandboxId])
    return toPodSandboxStatus(this.#sandbox(podSandboxId))
  }

  async listPodSandbox(filter?: PodSandboxFilter): Promise<PodSandbox[]> {
    await this.#script.enter('listPodSandbox', [filter])
    return [...this.#sandboxes.values()].map(toPodSandbox).filter((sandbox) => matchesPodSandbox(sandbox, filter))
  }

  async createContainer(
    podSandboxId: string,
    config: ContainerConfig,
    sandboxConfig: PodSandboxConfig,
  ): Promise<string> {
    await this.#script.enter('createContainer', [podSandboxId, config, sandboxConfig])
    const sandbox = this.#sandbox(podSandboxId)
    if (sandbox.state !== 'SANDBOX_READY')
      throw new CriError('FailedPrecondition', `sandbox ${podSandboxId} is not running`)
    const adopted = this.#adoptOrReplace(sandbox, config)
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
      createdAt: this.#nowNs(),
      run: { state: 'created' },
    }
    this.#containers.set(container.id, container)
    this.#emit(sandbox, container.id, 'CONTAINER_CREATED_EVENT')
    return container.id
  }

  async startContainer(containerId: string): Promise<void> {
    await this.#script.enter('startContainer', [containerId])
    const container = this.#container(containerId)
    const { behaviour } = container
    if (behaviour.startMs !== undefined) await delay(this.#clock, behaviour.startMs)
    if (container.run.state !== 'created')
      throw new CriError('FailedPrecondition', `container ${containerId} is ${container.run.state}, not created`)
    if (behaviour.startError !== undefined) {
      const at = container.createdAt
      container.run = {
        state: 'exited',
        startedAt: at,
        finishedAt: at,
        exitCode: 127,
        reason: 'ContainerCannotRun',
        message: behaviour.startError,
      }
      throw new CriError('Unknown', `failed to start container "${containerId}": ${behaviour.startError}`)
    }
    const run = { state: 'running' as const, startedAt: this.#nowNs(), timers: [] as { cancel(): void }[] }
    container.run = run
    this.#emitFor(container, 'CONTAINER_STARTED_EVENT')
    if (behaviour.exitAfterMs === undefined) return
    const exitCode = behaviour.oomKilled === true ? 137 : (behaviour.exitCode ?? 0)
    run.timers.push(
      this.#clock.setTimer(behaviour.exitAfterMs, () => this.#exit(container, exitCode, behaviour.oomKilled === true)),
    )
  }

  async stopContainer(containerId: string, timeoutSeconds: number): Promise<void> {
    await this.#script.enter('stopContainer', [containerId, timeoutSeconds])
    const container = this.#containers.get(containerId)
    if (container === undefined || container.run.state !== 'running') return
    const response = container.behaviour.onTerm ?? { exitCode: 0, afterMs: 0 }
    const graceMs = timeoutSeconds * 1000
    const obeys = response !== 'ignore' && graceMs > 0 && response.afterMs < graceMs
    const waitMs = obeys ? response.afterMs : graceMs
    if (waitMs > 0) await delay(this.#clock, waitMs)
    this.#exit(container, obeys ? response.exitCode : 137, false)
  }

  async removeContainer(containerId: string): Promise<void> {
    await this.#script.enter('removeContainer', [containerId])
    const container = this.#containers.get(containerId)
    if (container !== undefined) this.#deleteContainer(container)
  }

  async listContainers(filter?: ContainerFilter): Promise<CriContainer[]> {
    await this.#script.enter('listContainers', [filter])
    return [...this.#containers.values()].map(toCriContainer).filter((entry) => matchesContainer(entry, filter))
  }

  async containerStatus(containerId: string): Promise<CriContainerStatus> {
    await this.#script.enter('containerStatus', [containerId])
    return toCriContainerStatus(this.#container(containerId))
  }

  async execSync(containerId: string, command: string[], timeoutSeconds: number): Promise<ExecSyncResponse> {
    await this.#script.enter('execSync', [containerId, command, timeoutSeconds])
    const container = this.#container(containerId)
    if (container.run.state !== 'running')
      throw new CriError('FailedPrecondition', `container ${containerId} is not running`)
    const { afterMs = 0, ...response } = container.behaviour.exec?.(command) ?? {}
    const limitMs = timeoutSeconds > 0 ? timeoutSeconds * 1000 : Infinity
    if (afterMs > 0) await delay(this.#clock, Math.min(afterMs, limitMs))
    if (afterMs > limitMs)
      throw new CriError('DeadlineExceeded', `command "${command.join(' ')}" timed out after ${timeoutSeconds}s`)
    return { stdout: new Uint8Array(), stderr: new Uint8Array(), exitCode: 0, ...response }
  }

  async reopenContainerLog(containerId: string): Promise<void> {
    await this.#script.enter('reopenContainerLog', [containerId])
    this.#container(containerId)
  }

  async getContainerEvents(options: Parameters<RuntimeService['getContainerEvents']>[0]): Promise<void> {
    await this.#script.enter('getContainerEvents', [])
    await this.#subscribers.subscribe(options)
  }

  // Inside.

  #chooseBehaviour(config: ContainerConfig, sandbox: PodSandboxConfig): ContainerBehaviour {
    const queue = this.#behaviours.get(config.metadata.name)
    if (queue === undefined || queue.length === 0) return this.#behaviourScript(config, sandbox) ?? {}
    return (queue.length > 1 ? queue.shift() : queue[0]) ?? {}
  }

  /** As the Docker runtime service: a repeated create answers the same container; a dead namesake is replaced. */
  #adoptOrReplace(sandbox: SimulatedSandbox, config: ContainerConfig): string | undefined {
    const { name, attempt } = config.metadata
    const namesake = [...this.#containers.values()].find(
      ({ sandboxId, config: { metadata } }) =>
        sandboxId === sandbox.id && metadata.name === name && metadata.attempt === attempt,
    )
    switch (namesake?.run.state) {
      case undefined:
        return undefined
      case 'created':
        return namesake?.id
      case 'running':
        throw new CriError('AlreadyExists', `container ${name} attempt ${attempt} runs already as ${namesake?.id}`)
      case 'exited':
        if (namesake !== undefined) this.#deleteContainer(namesake)
        return undefined
    }
  }

  #sandbox(id: string): SimulatedSandbox {
    const sandbox = this.#sandboxes.get(id)
    if (sandbox === undefined) throw new CriError('NotFound', `no such pod sandbox: ${id}`)
    return sandbox
  }

  #container(id: string): SimulatedContainer {
    const container = this.#containers.get(id)
    if (container === undefined) throw new CriError('NotFound', `no such container: ${id}`)
    return container
  }

  #containersOf(sandboxId: string): SimulatedContainer[] {
    return [...this.#containers.values()].filter((container) => container.sandboxId === sandboxId)
  }

  #exit(container: SimulatedContainer, exitCode: number, oomKilled: boolean): void {
    const { run } = container
    if (run.state !== 'running') return
    for (const timer of run.timers) timer.cancel()
    const reason = oomKilled ? 'OOMKilled' : exitCode === 0 ? 'Completed' : 'Error'
    container.run = {
      state: 'exited',
      startedAt: run.startedAt,
      finishedAt: this.#nowNs(),
      exitCode,
      reason,
      message: '',
    }
    container.behaviour.onExit?.(exitCode)
    this.#emitFor(container, 'CONTAINER_STOPPED_EVENT')
  }

  #endSandbox(sandbox: SimulatedSandbox): void {
    for (const container of this.#containersOf(sandbox.id)) this.#exit(container, 137, false)
    if (sandbox.state === 'SANDBOX_NOTREADY') return
    sandbox.state = 'SANDBOX_NOTREADY'
    this.#emit(sandbox, sandbox.id, 'CONTAINER_STOPPED_EVENT')
  }

  #deleteSandbox(sandbox: SimulatedSandbox): void {
    this.#endSandbox(sandbox)
    for (const container of this.#containersOf(sandbox.id)) this.#deleteContainer(container)
    this.#sandboxes.delete(sandbox.id)
    this.#emit(sandbox, sandbox.id, 'CONTAINER_DELETED_EVENT')
  }

  #deleteContainer(container: SimulatedContainer): void {
    this.#exit(container, 137, false)
    this.#containers.delete(container.id)
    this.#emitFor(container, 'CONTAINER_DELETED_EVENT')
  }

  #emitFor(container: SimulatedContainer, type: ContainerEventType): void {
    const sandbox = this.#sandboxes.get(container.sandboxId)
    if (sandbox !== undefined) this.#emit(sandbox, container.id, type)
  }

  /** Delivered in a later microtask, as an event never overtakes the state that it speaks of. */
  #emit(sandbox: SimulatedSandbox, containerId: string, containerEventType: ContainerEventType): void {
    const event: ContainerEventResponse = {
      containerId,
      containerEventType,
      createdAt: this.#nowNs(),
      podSandboxStatus: toPodSandboxStatus(sandbox),
      containersStatuses: this.#containersOf(sandbox.id).map(toCriContainerStatus),
    }
    queueMicrotask(() => this.#subscribers.publish(event))
  }

  /** The clock in nanoseconds, made unique so that records can be ordered by it. */
  #nowNs(): bigint {
    const now = BigInt(this.#clock.now()) * 1_000_000n
    this.#lastNs = now > this.#lastNs ? now : this.#lastNs + 1n
    return this.#lastNs
  }
}
