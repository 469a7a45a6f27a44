/** The engine as one node may use it: every request is confined to sandboxes and containers with that node's labels. */
import { LAB_LABEL, NODE_LABEL, ROLE_LABEL } from '../../common/engine-labels.ts'
import { CriError } from '../cri.ts'
import { computeNodeWords } from './compute-node-words.ts'
import { isEngineStatus, toCriError } from './engine-client.ts'
import type { EngineClient } from './engine-client.ts'
import { readIdentity } from './engine-labels.ts'
import type { EngineIdentity } from './engine-labels.ts'
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
const NAME_ATTEMPTS = 4

function checkNoBreach(breach: string | undefined): void {
  if (breach === undefined) return
  throw new CriError('PermissionDenied', `${breach} has a value that is not allowed (safety policy of Node Lab)`)
}

export class NodeEngine {
  readonly engine: EngineClient
  readonly options: ServiceOptions
  /**
   * Start time of the node container, kept up to date by NodeBoot; `undefined` while the node is down. What was made
   * under another boot is as good as gone: it is being removed, and nobody but NodeBoot sees it.
   */
  currentBoot: string | undefined
  /** What has been stopped: the engine's lists call it running for some moments more. */
  readonly #stopped = new Set<string>()

  constructor(engine: EngineClient, options: ServiceOptions) {
    this.engine = engine
    this.options = options
  }

  /** Those of the present boot. @param labels further labels that have to match, `key=value` */
  async list(role: Role, labels: string[] = []): Promise<ListedContainer[]> {
    const listed = await this.listAllBoots([`${ROLE_LABEL}=${role}`, ...labels])
    return listed.filter(({ identity }) => identity.role === role && identity.boot === this.currentBoot)
  }

  async listAllBoots(labels: string[] = []): Promise<ListedContainer[]> {
    const wanted = [`${LAB_LABEL}=${this.options.lab}`, `${NODE_LABEL}=${this.options.node}`, ...labels]
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
      return identity?.role === role && identity.boot === this.currentBoot ? { container, identity } : undefined
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
    for (let attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
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
      const adopted = await this.#settleConflict(name, wanted)
      if (adopted !== undefined) return adopted
    }
    throw new CriError('Unknown', `the name ${name} is still in use in the container engine`)
  }

  async #settleConflict(
    name: string,
    wanted: Pick<EngineIdentity, 'role' | 'boot' | 'specHash' | 'sandboxId'>,
  ): Promise<{ id: string; adoptedRunning: boolean } | undefined> {
    const container = await this.engine
      .json<EngineContainer>(`/containers/${encodeURIComponent(name)}/json`)
      .catch((error: unknown) => {
        // It went away in between: the next attempt finds the name free.
        if (isEngineStatus(error, 404)) return undefined
        throw toCriError(error)
      })
    if (container === undefined) return undefined
    const identity = readIdentity(this.options, container.Config.Labels)
    switch (computeNameConflict({ identity, state: container.State }, wanted)) {
      case 'adopt':
        return { id: container.Id, adoptedRunning: container.State.Running }
      case 'refuse':
        throw new CriError('AlreadyExists', `${name} exists already as ${container.Id} and is something else`)
      case 'replace':
        await this.remove(container.Id)
        return undefined
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

  /** Ends it with SIGTERM (or its stop signal), and with SIGKILL after the grace; already stopped or gone is fine. */
  async stop(id: string, graceSeconds: number): Promise<void> {
    try {
      await this.engine.text(`/containers/${id}/stop`, { method: 'POST', query: { t: graceSeconds } })
    } catch (error) {
      if (!isEngineStatus(error, 404, 304)) throw toCriError(error)
    }
    this.#stopped.add(id)
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
