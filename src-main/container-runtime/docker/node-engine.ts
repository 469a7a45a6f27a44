/** The engine as one node may use it: every request is confined to sandboxes and containers with that node's labels. */
import { delay } from '../../base/clock.ts'
import type { Clock } from '../../base/clock.ts'
import { LAB_LABEL, NODE_LABEL, ROLE_LABEL } from '../../common/engine-labels.ts'
import { CriError } from '../cri.ts'
import { computeNodeWords } from './compute-node-words.ts'
import { isEngineStatus, toCriError } from './engine-client.ts'
import type { EngineClient } from './engine-client.ts'
import { readIdentity } from './engine-labels.ts'
import type { EngineIdentity } from './engine-labels.ts'
import type { HeldVolume } from './compute-mounts.ts'
import { memoryVolumePrefix } from './compute-memory-volumes.ts'
import type { EngineContainer, EngineContainerSummary, EngineCreateBody, EngineUpdateBody } from './engine-types.ts'
import { computeNameConflict } from './name-conflict.ts'
import { findHostConfigBreach, findPolicyBreach } from './policy-table.ts'
import type { ServiceOptions } from './service-options.ts'

export interface OwnContainer {
  container: EngineContainer
  identity: EngineIdentity
}

export interface ListedContainer {
  summary: EngineContainerSummary
  labels: Record<string, string>
  identity: EngineIdentity
}

type Role = EngineIdentity['role']
const ID_PATTERN = /^[0-9a-f]{12,64}$/
const MEMORY_VOLUME_ROLE = `${ROLE_LABEL}=memory-volume`
/** The engine splits `key=value` at the first equals sign. */
const isFilterable = (key: string): boolean => !key.includes('=')
/** A name is taken as soon as the engine begins to make its container, which can be looked at only when it is made. */
const NAME_WAITS_MS = [10, 20, 50, 100, 200, 400, 800, 1600, 3200]

function checkNoBreach(breach: string | undefined): void {
  if (breach === undefined) return
  throw new CriError('PermissionDenied', `${breach} has a value that is not allowed (safety policy of Node Lab)`)
}

export class NodeEngine {
  readonly engine: EngineClient
  readonly options: ServiceOptions
  /** What has been stopped: the engine's lists call it running for some moments more. */
  readonly #stopped = new Set<string>()
  readonly #clock: Clock

  constructor(engine: EngineClient, options: ServiceOptions, clock: Clock) {
    this.engine = engine
    this.options = options
    this.#clock = clock
  }

  /** @param role without one, both. @param labels further labels that have to match, as far as the engine can look for them */
  async list(role?: Role, labels: Record<string, string> = {}): Promise<ListedContainer[]> {
    const roles = role === undefined ? [] : [`${ROLE_LABEL}=${role}`]
    const further = Object.entries(labels).flatMap(([key, value]) => (isFilterable(key) ? [`${key}=${value}`] : []))
    const wanted = [`${LAB_LABEL}=${this.options.lab}`, `${NODE_LABEL}=${this.options.node}`, ...roles, ...further]
    const summaries = await this.engine
      .json<EngineContainerSummary[]>('/containers/json', {
        query: { all: true, filters: JSON.stringify({ label: wanted }) },
      })
      .catch((error: unknown) => Promise.reject(toCriError(error)))
    return summaries.flatMap((summary) => {
      const identity = readIdentity(this.options, summary.Labels)
      if (identity === undefined) return []
      const isStale = summary.State === 'running' && this.#stopped.has(summary.Id)
      const told = isStale ? { ...summary, State: 'exited' as const } : summary
      return [{ summary: told, labels: summary.Labels ?? {}, identity }]
    })
  }

  /** `undefined` when there is no such sandbox or container of this node. */
  async find(id: string, role: Role): Promise<OwnContainer | undefined> {
    if (!ID_PATTERN.test(id)) return undefined
    try {
      const container = await this.engine.json<EngineContainer>(`/containers/${id}/json`)
      container.State.Error = computeNodeWords(this.options.volume, container.State.Error)
      const identity = readIdentity(this.options, container.Config.Labels)
      return identity?.role === role ? { container, identity } : undefined
    } catch (error) {
      if (isEngineStatus(error, 404)) return undefined
      throw toCriError(error)
    }
  }

  /** @throws CriError NotFound */
  async get(id: string, role: Role): Promise<OwnContainer> {
    const own = await this.find(id, role)
    if (own !== undefined) return own
    throw new CriError('NotFound', `there is no ${role === 'sandbox' ? 'pod sandbox' : 'container'} ${id} on this node`)
  }

  /**
   * Creates under a deterministic name; asked again for the same, answers the same.
   * @throws CriError AlreadyExists when the name is taken by something that runs and differs, PermissionDenied when the
   * body strays from the policy's table, FailedPrecondition when the engine cannot be used
   */
  async create(
    name: string,
    body: EngineCreateBody,
    wanted: Pick<EngineIdentity, 'role' | 'boot' | 'specHash' | 'sandboxId'>,
  ): Promise<{ id: string; adoptedRunning: boolean }> {
    await this.engine.requireUsable().catch((error: unknown) => Promise.reject(toCriError(error)))
    // The request was built from an allow-list; this second lock holds whatever else may be wrong with the first.
    checkNoBreach(findPolicyBreach(body, this.options))
    for (const waitMs of NAME_WAITS_MS) {
      try {
        const answer = await this.engine.json<{ Id: string }>('/containers/create', {
          method: 'POST',
          query: { name },
          body,
        })
        return { id: answer.Id, adoptedRunning: false }
      } catch (error) {
        if (!isEngineStatus(error, 409)) throw toCriError(error)
      }
      const settled = await this.#settleConflict(name, wanted)
      if (settled === 'not made yet') await delay(this.#clock, waitMs)
      else if (settled !== 'free') return settled
    }
    throw new CriError('Unknown', `the name ${name} is still in use in the container engine`)
  }

  async #settleConflict(
    name: string,
    wanted: Pick<EngineIdentity, 'role' | 'boot' | 'specHash' | 'sandboxId'>,
  ): Promise<{ id: string; adoptedRunning: boolean } | 'free' | 'not made yet'> {
    const container = await this.engine
      .json<EngineContainer>(`/containers/${encodeURIComponent(name)}/json`)
      .catch((error: unknown) => {
        // Or it went away in between, and the next attempt finds the name free.
        if (isEngineStatus(error, 404)) return undefined
        throw toCriError(error)
      })
    if (container === undefined) return 'not made yet'
    const identity = readIdentity(this.options, container.Config.Labels)
    switch (computeNameConflict({ identity, state: container.State }, wanted)) {
      case 'adopt':
        return { id: container.Id, adoptedRunning: container.State.Running }
      case 'refuse':
        throw new CriError('AlreadyExists', `${name} exists already as ${container.Id} and is something else`)
      case 'replace':
        await this.remove(container.Id)
        return 'free'
    }
  }

  async start(id: string): Promise<void> {
    this.#stopped.delete(id)
    await this.engine.text(`/containers/${id}/start`, { method: 'POST' })
  }

  async update(id: string, body: EngineUpdateBody): Promise<void> {
    checkNoBreach(findHostConfigBreach(body, this.options))
    await this.engine
      .json(`/containers/${id}/update`, { method: 'POST', body })
      .catch((error: unknown) => Promise.reject(toCriError(error)))
  }

  /**
   * Ends it with SIGTERM (or its stop signal), and with SIGKILL after the grace; already stopped or gone is fine. Without a
   * grace there is SIGKILL only, where the engine's own stop would send the other one first.
   */
  async stop(id: string, graceSeconds: number): Promise<void> {
    const [action, query] = graceSeconds > 0 ? ['stop', { t: graceSeconds }] : ['kill', { signal: 'KILL' }]
    try {
      await this.engine.text(`/containers/${id}/${action}`, { method: 'POST', query })
    } catch (error) {
      if (!isEngineStatus(error, 404, 409)) throw toCriError(error)
    }
    this.#stopped.add(id)
  }

  /** Volumes in memory that a sandbox of the same pod still has stay; gone already is fine. */
  async removeMemoryVolumes(volumes: readonly HeldVolume[]): Promise<void> {
    const own = volumes.filter(({ volume }) => volume.startsWith(memoryVolumePrefix(this.options.volume)))
    for (const { volume } of own)
      try {
        await this.engine.text(`/volumes/${encodeURIComponent(volume)}`, { method: 'DELETE' })
      } catch (error) {
        if (!isEngineStatus(error, 404, 409)) throw toCriError(error)
      }
  }

  /** Those that no container has any more. */
  async removeUnheldMemoryVolumes(): Promise<void> {
    const label = [`${LAB_LABEL}=${this.options.lab}`, `${NODE_LABEL}=${this.options.node}`, MEMORY_VOLUME_ROLE]
    const { Volumes: volumes } = await this.engine.json<{ Volumes: { Name: string }[] | null }>('/volumes', {
      query: { filters: JSON.stringify({ label, dangling: ['true'], driver: ['local'] }) },
    })
    await this.removeMemoryVolumes((volumes ?? []).map(({ Name: volume }) => ({ path: '', volume })))
  }

  /** Kills it when it runs and removes it with its anonymous volumes; gone already is fine. Returns when it is gone. */
  async remove(id: string): Promise<void> {
    this.#stopped.delete(id)
    try {
      await this.engine.text(`/containers/${id}`, { method: 'DELETE', query: { force: true, v: true } })
      return
    } catch (error) {
      if (isEngineStatus(error, 404)) return
      if (!isEngineStatus(error, 409)) throw toCriError(error)
    }
    // Someone else is removing it at this moment.
    try {
      await this.engine.text(`/containers/${id}/wait`, { method: 'POST', query: { condition: 'removed' } })
    } catch (error) {
      if (!isEngineStatus(error, 404)) throw toCriError(error)
    }
  }
}
