/** Pod sandboxes: a pause container that holds the pod's namespaces and address. */
import type { Clock } from '../../base/clock.ts'
import { CONTAINER_TYPE_LABEL, SANDBOX_ID_LABEL } from '../../common/api/kubelet-labels.ts'
import type { PodSandbox, PodSandboxConfig, PodSandboxFilter, PodSandboxStatus } from '../cri.ts'
import { CriError } from '../cri.ts'
import { matchesPodSandbox } from '../filters.ts'
import { computeSandboxCreateBody } from './compute-host-config.ts'
import { computeHeldVolumes } from './compute-memory-volumes.ts'
import { toCriError } from './engine-client.ts'
import { sandboxEngineName, sandboxLabels, specHash } from './engine-labels.ts'
import { computeHostPorts } from './host-ports/compute-host-ports.ts'
import type { HostPorts } from './host-ports/host-ports.ts'
import type { ContainerLogs } from './logs/container-logs.ts'
import { toPodSandbox, toPodSandboxStatus } from './map-status.ts'
import type { NodeBoot } from './node-boot.ts'
import type { NodeEngine, OwnContainer } from './node-engine.ts'
import type { SandboxFiles } from './sandbox-files.ts'
import type { StartsInFlight } from './starts-in-flight.ts'

/** The pause process has nothing to save, and one that has just been started does not hear SIGTERM yet. */
const SANDBOX_STOP_GRACE_SECONDS = 0
/** How long the removal of a container waits for its last output to be written. */
const LOG_DRAIN_MS = 5000

export class DockerSandboxes {
  readonly #node: NodeEngine
  readonly #boot: NodeBoot
  readonly #logs: ContainerLogs
  readonly #starts: StartsInFlight
  readonly #hostPorts: HostPorts
  readonly #files: SandboxFiles
  readonly #clock: Clock
  #removals = 0
  /** Of sandboxes that were started a moment ago: how they were found since, until their first container is made. */
  readonly #sights = new Map<string, OwnContainer | undefined>()

  constructor(parts: {
    node: NodeEngine
    boot: NodeBoot
    logs: ContainerLogs
    starts: StartsInFlight
    hostPorts: HostPorts
    files: SandboxFiles
    clock: Clock
  }) {
    this.#node = parts.node
    this.#boot = parts.boot
    this.#logs = parts.logs
    this.#starts = parts.starts
    this.#hostPorts = parts.hostPorts
    this.#files = parts.files
    this.#clock = parts.clock
  }

  /** Rises whenever a sandbox has gone: who saw one before has to look again. */
  get removals(): number {
    return this.#removals
  }

  noteRemoval(): void {
    this.#removals++
  }

  /** It has ended. */
  forgetSight(id: string): void {
    this.#sights.delete(id)
  }

  /** Ends are not heard any more. */
  forgetSights(): void {
    for (const id of this.#sights.keys()) this.#sights.delete(id)
  }

  /**
   * The sandbox for a container that is to be made. Kubelets ask for a new sandbox's address and then for its first
   * container: that one is given what was found for the address.
   * @throws CriError NotFound
   */
  async forContainer(id: string): Promise<OwnContainer> {
    const seen = this.#sights.get(id)
    this.#sights.delete(id)
    return seen ?? this.#node.get(id, 'sandbox')
  }

  async run(config: PodSandboxConfig): Promise<string> {
    const name = sandboxEngineName(this.#node.options, config.metadata)
    const hostPorts = computeHostPorts(config)
    if (hostPorts.length === 0) return this.#run(name, config)
    this.#boot.require()
    await this.#hostPorts.reserve(name, hostPorts)
    try {
      return await this.#run(name, config)
    } finally {
      this.#hostPorts.settle(name)
    }
  }

  async #run(name: string, config: PodSandboxConfig): Promise<string> {
    const { options } = this.#node
    const { boot, nodeContainerId } = this.#boot.require()
    const labels = sandboxLabels(options, config, boot, BigInt(this.#clock.now()) * 1_000_000n)
    const ids = { nodeContainerId, imageId: options.pauseImage }
    const body = computeSandboxCreateBody(options, config, ids, labels)
    const wanted = { role: 'sandbox', boot, specHash: specHash(config), sandboxId: '' } as const
    const { id, adoptedRunning } = await this.#node.create(name, body, wanted)
    await Promise.all([this.#files.write(id, config), adoptedRunning ? undefined : this.#start(id, config)])
    await this.checkBoot(id, boot)
    this.#sights.set(id, undefined)
    return id
  }

  async #start(id: string, config: PodSandboxConfig): Promise<void> {
    try {
      await this.#node.start(id)
    } catch (error) {
      await this.#node.remove(id)
      await this.#node.removeMemoryVolumes(computeHeldVolumes(this.#node.options, config))
      throw toCriError(error, `failed to start sandbox container for pod "${config.metadata.name}": `)
    }
  }

  /** What was made while the node went down belongs to a boot that is over. */
  async checkBoot(id: string, boot: string): Promise<void> {
    const now = this.#boot.current
    if (now.state === 'up' && now.boot === boot) return
    await this.#node.remove(id)
    throw new CriError('FailedPrecondition', `node ${this.#node.options.node} went down`)
  }

  async stop(id: string): Promise<void> {
    const sandbox = await this.#node.find(id, 'sandbox')
    if (sandbox === undefined) return
    this.#sights.delete(sandbox.container.Id)
    await this.#killContainersOf(sandbox.container.Id)
    await this.#node.stop(sandbox.container.Id, SANDBOX_STOP_GRACE_SECONDS)
    // Those that were started meanwhile; in a dead sandbox the engine starts nothing.
    await this.#killContainersOf(sandbox.container.Id)
    await this.#freeHostPorts(sandbox)
  }

  /** They are free for others when the call returns, if that can be had: the sandbox goes in any case. */
  async #freeHostPorts({ identity }: OwnContainer): Promise<void> {
    if (identity.hostPorts.length > 0) await this.#hostPorts.release()
  }

  async #killContainersOf(sandboxId: string): Promise<void> {
    const before = await this.#containersOf(sandboxId)
    await this.#starts.ended(before.map(({ summary }) => summary.Id))
    const running = (await this.#containersOf(sandboxId)).filter(({ summary }) => summary.State === 'running')
    await Promise.all(running.map(({ summary }) => this.#node.stop(summary.Id, 0)))
  }

  async remove(id: string): Promise<void> {
    const sandbox = await this.#node.find(id, 'sandbox')
    if (sandbox === undefined) return
    this.#sights.delete(sandbox.container.Id)
    await this.#removeContainersOf(sandbox.container.Id)
    await this.#node.remove(sandbox.container.Id)
    this.noteRemoval()
    // Those that were being made meanwhile.
    await this.#removeContainersOf(sandbox.container.Id)
    await this.#node.removeMemoryVolumes(sandbox.identity.heldVolumes)
    await this.#freeHostPorts(sandbox)
  }

  async #removeContainersOf(sandboxId: string): Promise<void> {
    const containers = await this.#containersOf(sandboxId)
    await Promise.all(containers.map(({ summary }) => this.removeContainer(summary.Id)))
  }

  /** Kills a container that still runs, completes its log and removes it. */
  async removeContainer(id: string): Promise<void> {
    await this.#node.stop(id, 0)
    await this.#logs.drain(id, LOG_DRAIN_MS)
    await this.#node.remove(id)
    await this.#logs.forget(id)
  }

  async status(id: string): Promise<PodSandboxStatus> {
    const own = await this.#node.get(id, 'sandbox')
    if (this.#sights.has(id)) this.#sights.set(id, own)
    const { container, identity } = own
    return toPodSandboxStatus(container, identity, this.#node.options.network)
  }

  async list(filter?: PodSandboxFilter): Promise<PodSandbox[]> {
    const listed = await this.#node.list('sandbox', filter?.labelSelector)
    return listed
      .map(({ summary, labels, identity }) => toPodSandbox(summary.Id, labels, identity, summary.State === 'running'))
      .filter((sandbox) => matchesPodSandbox(sandbox, filter))
  }

  #containersOf(sandboxId: string): ReturnType<NodeEngine['list']> {
    return this.#node.list('container', { [SANDBOX_ID_LABEL]: sandboxId, [CONTAINER_TYPE_LABEL]: 'container' })
  }
}
