/** The `Engine` on the Docker API, through dockerode. */
import type { Readable } from 'node:stream'
import type Docker from 'dockerode'
import type { Clock } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import { LabError } from '../../common/lab-error.ts'
import type { EngineStatus } from '../../common/lab/lab-status.ts'
import { computeCreateRequest } from './container-spec.ts'
import type {
  ContainerLogOptions,
  Engine,
  EngineContainer,
  EngineContainerDetails,
  EngineContainerSpec,
  EngineEvent,
  EngineExec,
  EngineExecOptions,
  EngineImage,
  EngineInfo,
  EngineNetwork,
  LabelSelector,
} from './engine.ts'
import { parseEngineInfo, sumBuildCache } from './engine-info.ts'
import { bounded, CALL_TIMEOUT_MS, statusCodeOf, toEngineError } from './engine-errors.ts'
import { EventWatch } from './event-watch.ts'
import { startExec } from './exec-session.ts'
import { logText } from './log-text.ts'

/** Loading a node image of some hundred megabytes on a slow disk, in milliseconds. */
const LOAD_TIMEOUT_MS = 15 * 60_000

export interface DockerEngineOptions {
  docker: Docker
  endpoint: string
  socketPath: string
  clock: Clock
}

/** `{a: 'b', c: true}` as the API's filter `["a=b", "c"]`. */
export function computeLabelFilter(labels: LabelSelector): string[] {
  return Object.entries(labels).map(([name, value]) => (value === true ? name : `${name}=${value}`))
}

export class DockerEngine implements Engine {
  readonly endpoint: string
  readonly socketPath: string
  readonly #docker: Docker
  readonly #clock: Clock
  readonly #watches = new Set<Disposable>()

  constructor(options: DockerEngineOptions) {
    this.endpoint = options.endpoint
    this.socketPath = options.socketPath
    this.#docker = options.docker
    this.#clock = options.clock
  }

  async status(): Promise<EngineStatus> {
    try {
      const version = await this.#call('ask the engine for its version', () => this.#docker.version(), 20_000)
      const name = version.Platform?.Name
      return {
        state: 'ready',
        endpoint: this.endpoint,
        version: version.Version,
        apiVersion: version.ApiVersion,
        name: name === undefined || name === '' ? 'Docker Engine' : name,
      }
    } catch (error) {
      const failure = toEngineError(error, 'ask the engine for its version', this.endpoint)
      return {
        state: 'unreachable',
        endpoint: this.endpoint,
        message: failure.remedy === undefined ? failure.message : `${failure.message}. ${failure.remedy}`,
      }
    }
  }

  async architecture(): Promise<string> {
    return (await this.#call('ask the engine for its version', () => this.#docker.version())).Arch
  }

  async info(): Promise<EngineInfo> {
    return parseEngineInfo(await this.#call('ask the engine about itself', () => this.#docker.info()))
  }

  async buildCacheBytes(): Promise<number> {
    // The client's own `df` asks for everything, and volumes take an engine long to add up.
    const request = { path: '/system/df?', method: 'GET', options: { type: 'build-cache' }, statusCodes: { 200: true } }
    const usage = await this.#call(
      'ask for the build cache',
      () =>
        new Promise<unknown>((resolve, reject) =>
          this.#docker.modem.dial(request, (error: unknown, answer: unknown) =>
            error === null || error === undefined ? resolve(answer) : reject(error as Error),
          ),
        ),
    )
    return sumBuildCache(usage)
  }

  async listContainers(labels: LabelSelector): Promise<EngineContainer[]> {
    const found = await this.#call('list containers', () =>
      this.#docker.listContainers({ all: true, filters: { label: computeLabelFilter(labels) } }),
    )
    return found.map((container) => ({
      id: container.Id,
      name: (container.Names[0] ?? '').replace(/^\//, ''),
      image: container.Image,
      labels: container.Labels ?? {},
      state: container.State,
    }))
  }

  async inspectContainer(nameOrId: string): Promise<EngineContainerDetails | undefined> {
    const found = await this.#find(`inspect container ${nameOrId}`, () => this.#docker.getContainer(nameOrId).inspect())
    if (found === undefined) return undefined
    const addresses: Record<string, string> = {}
    for (const [network, endpoint] of Object.entries(found.NetworkSettings.Networks ?? {}))
      if (endpoint.IPAddress !== '') addresses[network] = endpoint.IPAddress
    return {
      id: found.Id,
      name: found.Name.replace(/^\//, ''),
      image: found.Config.Image,
      imageId: found.Image,
      labels: found.Config.Labels ?? {},
      state: found.State.Status,
      createdAt: found.Created,
      startedAt: found.State.StartedAt,
      finishedAt: found.State.FinishedAt,
      exitCode: found.State.ExitCode,
      pid: found.State.Pid,
      restartCount: found.RestartCount,
      restartPolicy: found.HostConfig.RestartPolicy?.Name ?? 'no',
      addresses,
    }
  }

  async createContainer(spec: EngineContainerSpec): Promise<string> {
    const doing = `create container ${spec.name}`
    try {
      const container = await this.#call(doing, () => this.#docker.createContainer(computeCreateRequest(spec)))
      return container.id
    } catch (error) {
      const failure = toEngineError(error, doing, this.endpoint)
      if (failure.kind === 'Conflict')
        throw new LabError({ kind: 'AlreadyExists', message: failure.message }, { cause: error })
      throw failure
    }
  }

  async putArchive(nameOrId: string, tarball: Buffer): Promise<void> {
    await this.#call(`put files into ${nameOrId}`, () =>
      this.#docker.getContainer(nameOrId).putArchive(tarball, { path: '/' }),
    )
  }

  async startContainer(nameOrId: string): Promise<void> {
    await this.#unless([304], `start container ${nameOrId}`, () => this.#docker.getContainer(nameOrId).start())
  }

  async stopContainer(nameOrId: string, timeoutSeconds: number): Promise<void> {
    await this.#unless(
      [304, 404],
      `stop container ${nameOrId}`,
      () => this.#docker.getContainer(nameOrId).stop({ t: timeoutSeconds }),
      CALL_TIMEOUT_MS + timeoutSeconds * 1000,
    )
  }

  async killContainer(nameOrId: string, signal: string): Promise<void> {
    await this.#call(`kill container ${nameOrId}`, () => this.#docker.getContainer(nameOrId).kill({ signal }))
  }

  async removeContainer(nameOrId: string): Promise<void> {
    const doing = `remove container ${nameOrId}`
    try {
      await this.#unless([404], doing, () => this.#docker.getContainer(nameOrId).remove({ force: true, v: true }))
    } catch (error) {
      // "removal is already in progress": somebody else's removal is as good as ours, once it is done.
      if (toEngineError(error, doing, this.endpoint).kind !== 'Conflict') throw error
      await this.#unless([404], doing, () => this.#docker.getContainer(nameOrId).wait({ condition: 'removed' }))
    }
  }

  async setRestartPolicy(nameOrId: string, policy: 'no' | 'always'): Promise<void> {
    await this.#call(`set the restart policy of ${nameOrId}`, () =>
      this.#docker.getContainer(nameOrId).update({ RestartPolicy: { Name: policy } }),
    )
  }

  async waitContainer(nameOrId: string): Promise<number> {
    try {
      const result = (await this.#docker.getContainer(nameOrId).wait()) as { StatusCode: number }
      return result.StatusCode
    } catch (error) {
      throw toEngineError(error, `wait for container ${nameOrId}`, this.endpoint)
    }
  }

  exec(nameOrId: string, options: EngineExecOptions): Promise<EngineExec> {
    return startExec({ docker: this.#docker, clock: this.#clock, endpoint: this.endpoint }, nameOrId, options)
  }

  async containerLogs(nameOrId: string, { tailLines, stdoutOnly = false }: ContainerLogOptions = {}): Promise<string> {
    const doing = `read the log of ${nameOrId}`
    const container = this.#docker.getContainer(nameOrId)
    const details = await this.#call(doing, () => container.inspect())
    const log = await this.#call(doing, () =>
      container.logs({
        follow: false,
        stdout: true,
        stderr: !stdoutOnly,
        ...(tailLines !== undefined && { tail: tailLines }),
      }),
    )
    return logText(log, details.Config.Tty)
  }

  async listNetworks(labels: LabelSelector = {}): Promise<EngineNetwork[]> {
    const found = await this.#call('list networks', () =>
      this.#docker.listNetworks({ filters: { label: computeLabelFilter(labels) } }),
    )
    return found.map((network) => ({
      id: network.Id,
      name: network.Name,
      labels: network.Labels ?? {},
      subnets: (network.IPAM?.Config ?? []).flatMap(({ Subnet: subnet }) =>
        subnet === undefined || subnet.includes(':') ? [] : [subnet],
      ),
    }))
  }

  async createNetwork(spec: Parameters<Engine['createNetwork']>[0]): Promise<string> {
    const network = await this.#call(`create network ${spec.name}`, () =>
      this.#docker.createNetwork({
        Name: spec.name,
        Driver: 'bridge',
        CheckDuplicate: true,
        Internal: spec.internal,
        Labels: spec.labels,
        IPAM: { Driver: 'default', Config: [{ Subnet: spec.subnet, IPRange: spec.ipRange, Gateway: spec.gateway }] },
      }),
    )
    return network.id
  }

  async removeNetwork(nameOrId: string): Promise<void> {
    await this.#unless([404], `remove network ${nameOrId}`, () => this.#docker.getNetwork(nameOrId).remove())
  }

  async listVolumes(labels: LabelSelector): Promise<{ name: string; labels: Record<string, string> }[]> {
    const found = await this.#call('list volumes', () =>
      this.#docker.listVolumes({ filters: { label: computeLabelFilter(labels) } }),
    )
    return (found.Volumes ?? []).map((volume) => ({ name: volume.Name, labels: volume.Labels ?? {} }))
  }

  async createVolume(name: string, labels: Record<string, string>): Promise<void> {
    await this.#call(`create volume ${name}`, () => this.#docker.createVolume({ Name: name, Labels: labels }))
  }

  async removeVolume(name: string): Promise<void> {
    await this.#unless([404], `remove volume ${name}`, () => this.#docker.getVolume(name).remove())
  }

  async listImages(labels: LabelSelector = {}): Promise<EngineImage[]> {
    const found = await this.#call('list images', () =>
      this.#docker.listImages({ filters: { label: computeLabelFilter(labels) } }),
    )
    return found.map((image) => ({
      id: image.Id,
      tags: image.RepoTags ?? [],
      labels: image.Labels ?? {},
      sizeBytes: image.Size,
      createdAt: new Date(image.Created * 1000).toISOString(),
    }))
  }

  async inspectImage(reference: string): Promise<EngineImage | undefined> {
    const found = await this.#find(`inspect image ${reference}`, () => this.#docker.getImage(reference).inspect())
    if (found === undefined) return undefined
    return {
      id: found.Id,
      tags: found.RepoTags ?? [],
      labels: found.Config?.Labels ?? {},
      sizeBytes: found.Size,
      createdAt: found.Created,
      architecture: found.Architecture,
    }
  }

  async saveImages(references: readonly string[]): Promise<Readable> {
    return this.#call(
      `save the images ${references.join(', ')}`,
      () =>
        new Promise<Readable>((resolve, reject) => {
          this.#docker.modem.dial(
            {
              path: '/images/get?',
              method: 'GET',
              options: { names: references },
              isStream: true,
              statusCodes: { 200: true, 404: 'no such image', 500: 'server error' },
            },
            (error: unknown, stream: unknown) =>
              error === null || error === undefined ? resolve(stream as Readable) : reject(error as Error),
          )
        }),
      LOAD_TIMEOUT_MS,
    )
  }

  async loadImage(tarball: Readable): Promise<void> {
    const answer = await this.#call(
      'load an image',
      async () => {
        const stream = (await this.#docker.loadImage(tarball as NodeJS.ReadableStream, { quiet: true })) as Readable
        return (await stream.toArray()).map(String).join('')
      },
      LOAD_TIMEOUT_MS,
    )
    // The engine answers 200 before it reads the tarball; what goes wrong then is in the answer's text.
    const failure = /"error"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(answer)?.[1]
    if (failure !== undefined) throw new LabError({ kind: 'Internal', message: `load an image: ${failure}` })
  }

  async tagImage(reference: string, repository: string, tag: string): Promise<void> {
    await this.#call(`tag image ${reference}`, () => this.#docker.getImage(reference).tag({ repo: repository, tag }))
  }

  async removeImage(reference: string): Promise<void> {
    await this.#unless([404], `remove image ${reference}`, () => this.#docker.getImage(reference).remove())
  }

  watchEvents(
    labels: LabelSelector,
    handlers: { onEvent(event: EngineEvent): void; onReconnected(): void },
  ): Disposable {
    const watch = new EventWatch({
      clock: this.#clock,
      connect: async () =>
        (await this.#docker.getEvents({ filters: { label: computeLabelFilter(labels) } })) as unknown as Readable,
      onEvent: (event) => handlers.onEvent(event),
      onConnected: () => handlers.onReconnected(),
    })
    this.#watches.add(watch)
    return {
      dispose: () => {
        this.#watches.delete(watch)
        void watch.dispose()
      },
    }
  }

  dispose(): void {
    for (const watch of this.#watches) void watch.dispose()
    this.#watches.clear()
  }

  async #call<T>(doing: string, run: () => Promise<T>, timeoutMs = CALL_TIMEOUT_MS): Promise<T> {
    try {
      return await bounded(this.#clock, timeoutMs, doing, run)
    } catch (error) {
      throw toEngineError(error, doing, this.endpoint)
    }
  }

  async #find<T>(doing: string, run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await bounded(this.#clock, CALL_TIMEOUT_MS, doing, run)
    } catch (error) {
      if (statusCodeOf(error) === 404) return undefined
      throw toEngineError(error, doing, this.endpoint)
    }
  }

  async #unless(
    fine: number[],
    doing: string,
    run: () => Promise<unknown>,
    timeoutMs = CALL_TIMEOUT_MS,
  ): Promise<void> {
    try {
      await bounded(this.#clock, timeoutMs, doing, run)
    } catch (error) {
      const status = statusCodeOf(error)
      if (status === undefined || !fine.includes(status)) throw toEngineError(error, doing, this.endpoint)
    }
  }
}
