/** What containers and sandboxes use, asked of the engine at the moment of the question. */
import type { Clock } from '../../base/clock.ts'
import { Semaphore } from '../../base/semaphore.ts'
import { SANDBOX_ID_LABEL } from '../../common/api/kubelet-labels.ts'
import type { ContainerStats, ContainerStatsFilter, PodSandboxStats, PodSandboxStatsFilter } from '../cri-stats.ts'
import { matchesLabels } from '../filters.ts'
import { computeInterfaces, computeMemoryUsage, CpuRates, processCount, sumCpu, sumMemory } from './compute-stats.ts'
import type { EngineStats } from './compute-stats.ts'
import { isEngineStatus, toCriError } from './engine-client.ts'
import { readCriLabels } from './engine-labels.ts'
import type { NodeEngine, OwnContainer } from './node-engine.ts'

/** Where the engine keeps the layers of images and containers, as `imageFsInfo` names it. */
export const ENGINE_MOUNTPOINT = '/var/lib/docker'

/** Each question at the same time has a connection to the engine, with buffers of its own. */
const PARALLEL_CONTAINERS = 6
const PARALLEL_SANDBOXES = 2

interface Measured {
  own: OwnContainer
  /** `undefined`: it does not run. */
  raw: EngineStats | undefined
}

export class DockerStats {
  readonly #node: NodeEngine
  readonly #clock: Clock
  readonly #rates = new CpuRates()
  readonly #containerQuestions = new Semaphore(PARALLEL_CONTAINERS)
  readonly #sandboxQuestions = new Semaphore(PARALLEL_SANDBOXES)

  constructor(node: NodeEngine, clock: Clock) {
    this.#node = node
    this.#clock = clock
  }

  async container(id: string): Promise<ContainerStats> {
    const own = await this.#node.get(id, 'container')
    const [raw, writableLayer] = await Promise.all([this.#read(own), this.#readLayer(own)])
    const stats = this.#toContainerStats({ own, raw })
    return writableLayer === undefined ? stats : { ...stats, writableLayer }
  }

  async listContainers(filter: ContainerStatsFilter = {}): Promise<ContainerStats[]> {
    const { id = '', podSandboxId = '', labelSelector } = filter
    const listed = await this.#node.list('container')
    this.#rates.retain(new Set([...listed, ...(await this.#node.list('sandbox'))].map(({ summary }) => summary.Id)))
    const wanted = listed.filter(
      ({ summary, labels, identity }) =>
        summary.State === 'running' &&
        summary.Id.startsWith(id) &&
        identity.sandboxId.startsWith(podSandboxId) &&
        matchesLabels(readCriLabels(labels).labels, labelSelector),
    )
    const measured = await this.#measure(wanted.map(({ summary }) => summary.Id))
    return measured.map((one) => this.#toContainerStats(one))
  }

  async sandbox(id: string): Promise<PodSandboxStats> {
    const own = await this.#node.get(id, 'sandbox')
    const [raw, listed] = await Promise.all([
      this.#read(own),
      this.#node.list('container', { [SANDBOX_ID_LABEL]: own.container.Id }),
    ])
    const running = listed.filter(({ summary }) => summary.State === 'running')
    const containers = await this.#measure(running.map(({ summary }) => summary.Id))
    return this.#toSandboxStats({ own, raw }, containers)
  }

  async listSandboxes(filter: PodSandboxStatsFilter = {}): Promise<PodSandboxStats[]> {
    const { id = '', labelSelector } = filter
    const wanted = (await this.#node.list('sandbox')).filter(
      ({ summary, labels }) =>
        summary.State === 'running' &&
        summary.Id.startsWith(id) &&
        matchesLabels(readCriLabels(labels).labels, labelSelector),
    )
    const found = await Promise.all(
      wanted.map(({ summary }) =>
        this.#sandboxQuestions
          .run(() => this.sandbox(summary.Id))
          .catch((error: unknown) => {
            // It went away since the list was made.
            if (toCriError(error).code === 'NotFound') return undefined
            throw error
          }),
      ),
    )
    return found.filter((stats) => stats !== undefined)
  }

  /** What goes away meanwhile is left out. */
  async #measure(ids: readonly string[]): Promise<Measured[]> {
    const found = await Promise.all(ids.map((id) => this.#measureOne(id)))
    return found.filter((one) => one !== undefined)
  }

  #measureOne(id: string): Promise<Measured | undefined> {
    return this.#containerQuestions.run(async () => {
      const own = await this.#node.find(id, 'container')
      const raw = own === undefined ? undefined : await this.#read(own)
      return own === undefined || raw === undefined ? undefined : { own, raw }
    })
  }

  async #read({ container }: OwnContainer): Promise<EngineStats | undefined> {
    if (!container.State.Running) return undefined
    try {
      const query = { stream: false, 'one-shot': true }
      return await this.#node.engine.json<EngineStats>(`/containers/${container.Id}/stats`, { query })
    } catch (error) {
      if (isEngineStatus(error, 404, 409)) return undefined
      throw toCriError(error)
    }
  }

  async #readLayer({ container }: OwnContainer): Promise<ContainerStats['writableLayer']> {
    try {
      const { SizeRw } = await this.#node.engine.json<{ SizeRw?: number }>(`/containers/${container.Id}/json`, {
        query: { size: true },
      })
      if (SizeRw === undefined) return undefined
      const timestamp = BigInt(this.#clock.now()) * 1_000_000n
      return { timestamp, mountpoint: ENGINE_MOUNTPOINT, usedBytes: BigInt(Math.max(0, SizeRw)) }
    } catch (error) {
      if (isEngineStatus(error, 404)) return undefined
      throw toCriError(error)
    }
  }

  #toContainerStats({ own, raw }: Measured): ContainerStats {
    const { container, identity } = own
    const attributes = {
      id: container.Id,
      metadata: { name: identity.containerName, attempt: identity.attempt },
      ...readCriLabels(container.Config.Labels ?? {}),
    }
    if (raw === undefined) return { attributes }
    return {
      attributes,
      cpu: this.#rates.usage(container.Id, raw),
      memory: computeMemoryUsage(raw, container.HostConfig.Memory ?? 0),
    }
  }

  #toSandboxStats(sandbox: Measured, measured: Measured[]): PodSandboxStats {
    const { container, identity } = sandbox.own
    const containers = measured.map((one) => this.#toContainerStats(one))
    const { podName, podUid, podNamespace, attempt } = identity
    const attributes = {
      id: container.Id,
      metadata: { name: podName, uid: podUid, namespace: podNamespace, attempt },
      ...readCriLabels(container.Config.Labels ?? {}),
    }
    const { raw } = sandbox
    if (raw === undefined) return { attributes, containers }
    const own = { cpu: this.#rates.usage(container.Id, raw), memory: computeMemoryUsage(raw, 0) }
    const parts = [own, ...containers]
    const cpu = sumCpu(parts.flatMap((part) => (part.cpu === undefined ? [] : [part.cpu])))
    const memory = sumMemory(parts.flatMap((part) => (part.memory === undefined ? [] : [part.memory])))
    // In the node's network the engine counts the node's traffic.
    const interfaces = identity.networkMode === 'POD' ? computeInterfaces(raw) : []
    const [defaultInterface, ...others] = interfaces
    return {
      attributes,
      ...(cpu === undefined ? {} : { cpu }),
      ...(memory === undefined ? {} : { memory }),
      ...(defaultInterface === undefined
        ? {}
        : { network: { timestamp: own.cpu.timestamp, defaultInterface, interfaces: others } }),
      processCount: [sandbox, ...measured].reduce((sum, one) => sum + (one.raw ? processCount(one.raw) : 0n), 0n),
      containers,
    }
  }
}
