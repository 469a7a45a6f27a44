/** The simulated runtime's sandboxes and containers: what lives, ends and goes, and the events of it. */
import { isDeepStrictEqual } from 'node:util'
import { delay, type Clock } from '../../base/clock.ts'
import { CriError } from '../cri.ts'
import type { ContainerConfig, ContainerEventResponse, ContainerEventType } from '../cri.ts'
import { EventSubscribers } from '../event-subscribers.ts'
import { couldNotRun, toCriContainerStatus, toPodSandboxStatus } from './simulated-state.ts'
import type { SimulatedContainer, SimulatedSandbox } from './simulated-state.ts'

export class SimulatedPods {
  readonly sandboxes = new Map<string, SimulatedSandbox>()
  readonly containers = new Map<string, SimulatedContainer>()
  readonly subscribers = new EventSubscribers()
  readonly #clock: Clock
  #lastNs = 0n

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @throws CriError NotFound */
  sandbox(id: string): SimulatedSandbox {
    const sandbox = this.sandboxes.get(id)
    if (sandbox === undefined) throw new CriError('NotFound', `no such pod sandbox: ${id}`)
    return sandbox
  }

  /** @throws CriError NotFound */
  container(id: string): SimulatedContainer {
    const container = this.containers.get(id)
    if (container === undefined) throw new CriError('NotFound', `no such container: ${id}`)
    return container
  }

  containersOf(sandboxId: string): SimulatedContainer[] {
    return [...this.containers.values()].filter((container) => container.sandboxId === sandboxId)
  }

  /** @throws CriError FailedPrecondition when it was started before, Unknown when it cannot be */
  async start(container: SimulatedContainer): Promise<void> {
    const { id, behaviour } = container
    if (behaviour.startMs !== undefined) await delay(this.#clock, behaviour.startMs)
    if (container.run.state !== 'created')
      throw new CriError('FailedPrecondition', `container ${id} is ${container.run.state}, not created`)
    if (this.sandboxes.get(container.sandboxId)?.state !== 'SANDBOX_READY')
      throw new CriError('Unknown', `failed to start container "${id}": its sandbox is not running`)
    if (behaviour.startError !== undefined) {
      container.run = couldNotRun(container.createdAt, behaviour.startError)
      throw new CriError('Unknown', `failed to start container "${id}": ${behaviour.startError}`)
    }
    const startedAt = this.nowNs(container.createdAt)
    const run = { state: 'running' as const, startedAt, timers: [] as { cancel(): void }[] }
    container.run = run
    behaviour.onStart?.()
    this.emitFor(container, 'CONTAINER_STARTED_EVENT')
    if (behaviour.exitAfterMs === undefined) return
    const oomKilled = behaviour.oomKilled === true
    const exitCode = oomKilled ? 137 : (behaviour.exitCode ?? 0)
    run.timers.push(this.#clock.setTimer(behaviour.exitAfterMs, () => this.exit(container, exitCode, oomKilled)))
  }

  /** SIGTERM, which it may ignore, then SIGKILL; nothing when it does not run. */
  async stop(container: SimulatedContainer, timeoutSeconds: number): Promise<void> {
    if (container.run.state !== 'running') return
    const response = container.behaviour.onTerm ?? { exitCode: 0, afterMs: 0 }
    const graceMs = timeoutSeconds * 1000
    const obeys = response !== 'ignore' && graceMs > 0 && response.afterMs < graceMs
    const waitMs = obeys ? response.afterMs : graceMs
    if (waitMs > 0) await delay(this.#clock, waitMs)
    this.exit(container, obeys ? response.exitCode : 137, false)
  }

  /** Its process ends now; nothing when it does not run. */
  exit(container: SimulatedContainer, exitCode: number, oomKilled: boolean): void {
    const { run } = container
    if (run.state !== 'running') return
    for (const timer of run.timers) timer.cancel()
    const reason = oomKilled ? 'OOMKilled' : exitCode === 0 ? 'Completed' : 'Error'
    container.run = {
      state: 'exited',
      startedAt: run.startedAt,
      finishedAt: this.nowNs(run.startedAt),
      exitCode,
      reason,
      message: '',
    }
    container.behaviour.onExit?.(exitCode)
    this.emitFor(container, 'CONTAINER_STOPPED_EVENT')
  }

  /** The sandbox is not ready and everything in it is dead. */
  endSandbox(sandbox: SimulatedSandbox): void {
    for (const container of this.containersOf(sandbox.id)) this.exit(container, 137, false)
    if (sandbox.state === 'SANDBOX_NOTREADY') return
    sandbox.state = 'SANDBOX_NOTREADY'
    this.emit(sandbox, sandbox.id, 'CONTAINER_STOPPED_EVENT')
  }

  deleteSandbox(sandbox: SimulatedSandbox): void {
    this.endSandbox(sandbox)
    for (const container of this.containersOf(sandbox.id)) this.deleteContainer(container)
    this.sandboxes.delete(sandbox.id)
    this.emit(sandbox, sandbox.id, 'CONTAINER_DELETED_EVENT')
  }

  deleteContainer(container: SimulatedContainer): void {
    this.exit(container, 137, false)
    this.containers.delete(container.id)
    this.emitFor(container, 'CONTAINER_DELETED_EVENT')
  }

  /**
   * What to do about a namesake in any of the pod's sandboxes, as the Docker runtime service does: a repeated create
   * answers the same container, one that does not run is replaced.
   * @throws CriError AlreadyExists
   */
  adoptOrReplace(sandbox: SimulatedSandbox, config: ContainerConfig): string | undefined {
    const { name, attempt } = config.metadata
    const namesake = [...this.containers.values()].find(
      (other) =>
        other.config.metadata.name === name &&
        other.config.metadata.attempt === attempt &&
        this.sandboxes.get(other.sandboxId)?.config.metadata.uid === sandbox.config.metadata.uid,
    )
    if (namesake === undefined) return undefined
    const isSame = namesake.sandboxId === sandbox.id && isDeepStrictEqual(namesake.config, config)
    if (isSame && namesake.run.state === 'created') return namesake.id
    if (namesake.run.state === 'running')
      throw new CriError('AlreadyExists', `container ${name} attempt ${attempt} runs already as ${namesake.id}`)
    this.deleteContainer(namesake)
    return undefined
  }

  emitFor(container: SimulatedContainer, type: ContainerEventType): void {
    const sandbox = this.sandboxes.get(container.sandboxId)
    if (sandbox !== undefined) this.emit(sandbox, container.id, type)
  }

  /** Delivered in a later microtask, as an event never overtakes the state that it speaks of. */
  emit(sandbox: SimulatedSandbox, containerId: string, containerEventType: ContainerEventType): void {
    const event: ContainerEventResponse = {
      containerId,
      containerEventType,
      createdAt: this.nowNs(),
      podSandboxStatus: toPodSandboxStatus(sandbox),
      containersStatuses: this.containersOf(sandbox.id).map(toCriContainerStatus),
    }
    queueMicrotask(() => this.subscribers.publish(event))
  }

  /**
   * @param since what comes after it has as many nanoseconds beyond the millisecond: unique times are ahead of the clock by
   * some, and so nothing ends before it began, and what lasts milliseconds lasts whole ones
   */
  nowNs(since = 0n): bigint {
    return BigInt(this.#clock.now()) * 1_000_000n + (since % 1_000_000n)
  }

  /** For creation times: unique, so that lists can be ordered by them. */
  uniqueNs(): bigint {
    const now = this.nowNs()
    this.#lastNs = now > this.#lastNs ? now : this.#lastNs + 1n
    return this.#lastNs
  }
}
