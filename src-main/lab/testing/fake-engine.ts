/**
 * An engine in memory, for tests of the lab manager: containers, networks and volumes with the rules of Docker that the lab
 * manager leans on. `interrupt` breaks off at a chosen call, before or after it has had its effect.
 */
import { PassThrough, type Readable } from 'node:stream'
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import { LabError, type LabErrorKind } from '../../common/lab-error.ts'
import type { EngineStatus } from '../../common/lab/lab-status.ts'
import type {
  ContainerLogOptions,
  Engine,
  EngineContainer,
  EngineContainerDetails,
  EngineContainerSpec,
  EngineEvent,
  EngineExec,
  EngineImage,
  EngineInfo,
  EngineNetwork,
  LabelSelector,
} from '../engine/engine.ts'
import { BreakableCalls } from './breakable-calls.ts'
import { describeContainer, summarizeContainer, type FakeContainer } from './fake-container.ts'

export interface FakeNetwork {
  id: string
  name: string
  labels: Record<string, string>
  subnet: string
}

function failure(kind: LabErrorKind, message: string): LabError {
  return new LabError({ kind, message })
}

function matches(labels: Record<string, string>, selector: LabelSelector = {}): boolean {
  return Object.entries(selector).every(([name, value]) => {
    return value === true ? labels[name] !== undefined : labels[name] === value
  })
}

export class FakeEngine implements Engine {
  readonly endpoint = 'unix:///run/fake.sock'
  readonly socketPath = '/run/fake.sock'
  readonly containers = new Map<string, FakeContainer>()
  readonly networks = new Map<string, FakeNetwork>()
  readonly volumes = new Map<string, { labels: Record<string, string>; seeded: boolean }>()
  /** Ports on 127.0.0.1 that something else has. */
  readonly takenPorts = new Set<number>()
  /** What a helper container exits with. */
  helperExitCode = 0
  readonly #calls = new BreakableCalls()
  readonly #watchers = new Set<(event: EngineEvent) => void>()
  #count = 0

  /** Names of all calls that change something, with what they were about. */
  get calls(): string[] {
    return this.#calls.records
  }

  /** The call of that number throws, as if the engine or the command had been killed there. */
  interrupt(atCall: number, when: 'before' | 'after'): void {
    this.#calls.interrupt(atCall, when)
  }

  /** Calls made since `interrupt`; ends the interruption. */
  disarm(): number {
    return this.#calls.disarm()
  }

  containerNamed(name: string): FakeContainer | undefined {
    return [...this.containers.values()].find((container) => container.spec.name === name)
  }

  /** All that matters of the end state: the same for every way that led there. */
  snapshot(): unknown {
    const byName = (one: { name: string }, other: { name: string }): number => one.name.localeCompare(other.name)
    return {
      containers: [...this.containers.values()]
        .map(({ spec, state, restartPolicy }) => ({ name: spec.name, spec, state, restartPolicy }))
        .toSorted(byName),
      networks: [...this.networks.values()]
        .map(({ name, subnet, labels }) => ({ name, subnet, labels }))
        .toSorted(byName),
      volumes: [...this.volumes].map(([name, volume]) => ({ name, ...volume })).toSorted(byName),
    }
  }

  status(): Promise<EngineStatus> {
    return Promise.resolve({ state: 'ready', endpoint: this.endpoint, version: '26.1.5', apiVersion: '1.45' })
  }

  architecture(): Promise<string> {
    return Promise.resolve('amd64')
  }

  info(): Promise<EngineInfo> {
    return Promise.resolve({
      ...{ operatingSystem: 'Debian', hostname: 'fake', cgroupVersion: '2' },
      ...{ cgroupDriver: 'systemd', rootless: false, selinux: false, missingLimits: [] },
      ...{ memoryBytes: 16e9, dataRoot: '/var/lib/docker' },
    })
  }

  buildCacheBytes(): Promise<number> {
    return Promise.resolve(0)
  }

  listContainers(labels: LabelSelector): Promise<EngineContainer[]> {
    return this.#calls.make('', () => this.#list(labels))
  }

  inspectContainer(nameOrId: string): Promise<EngineContainerDetails | undefined> {
    return this.#calls.make('', () => {
      const container = this.#find(nameOrId)
      return container === undefined ? undefined : describeContainer(container)
    })
  }

  createContainer(spec: EngineContainerSpec): Promise<string> {
    return this.#calls.make(`create ${spec.name}`, () => {
      if (this.containerNamed(spec.name) !== undefined) throw failure('AlreadyExists', `name ${spec.name} is in use`)
      const networkId = this.#checkNetwork(spec)
      this.#checkMounts(spec)
      const id = this.#newId()
      const { restartPolicy } = spec
      this.containers.set(id, {
        id,
        spec,
        state: 'created',
        restartPolicy,
        exitCode: 0,
        networkId,
        startedAt: '',
        archives: [],
      })
      return id
    })
  }

  putArchive(nameOrId: string, tarball: Buffer): Promise<void> {
    return this.#calls.make('', () => {
      this.#require(nameOrId).archives.push(tarball)
    })
  }

  startContainer(nameOrId: string): Promise<void> {
    return this.#calls.make(`start ${this.#nameOf(nameOrId)}`, () => {
      const container = this.#require(nameOrId)
      if (container.state === 'paused') throw failure('Conflict', 'cannot start a paused container')
      if (container.networkId !== '' && !this.networks.has(container.networkId)) {
        throw failure('NotFound', `network ${container.networkId} not found`)
      }
      for (const port of Object.values(container.spec.publish ?? {})) this.#checkPort(port)
      container.state = 'running'
      container.startedAt = `2026-01-01T00:00:00.${this.#newId()}Z`
      this.#runHelper(container)
      this.#emit(container, 'start')
    })
  }

  stopContainer(nameOrId: string): Promise<void> {
    return this.#calls.make(`stop ${this.#nameOf(nameOrId)}`, () => {
      const container = this.#find(nameOrId)
      if (container === undefined) return
      container.state = 'exited'
      this.#emit(container, 'die')
    })
  }

  killContainer(nameOrId: string, signal: string): Promise<void> {
    return this.#calls.make(`kill ${signal} ${this.#nameOf(nameOrId)}`, () => {
      const container = this.#require(nameOrId)
      if (container.state !== 'running') throw failure('Conflict', `container ${nameOrId} is not running`)
      container.state = 'exited'
    })
  }

  removeContainer(nameOrId: string): Promise<void> {
    return this.#calls.make(`remove ${this.#nameOf(nameOrId)}`, () => {
      const container = this.#find(nameOrId)
      if (container === undefined) return
      this.containers.delete(container.id)
      this.#emit(container, 'destroy')
    })
  }

  setRestartPolicy(nameOrId: string, policy: 'no' | 'always'): Promise<void> {
    return this.#calls.make(`policy ${policy} ${this.#nameOf(nameOrId)}`, () => {
      this.#require(nameOrId).restartPolicy = policy
    })
  }

  waitContainer(nameOrId: string): Promise<number> {
    return this.#calls.make('', () => this.#require(nameOrId).exitCode)
  }

  /** What every command prints. */
  execOutput = ''

  exec(): Promise<EngineExec> {
    const exec: EngineExec = {
      stdin: new PassThrough(),
      stdout: new PassThrough().end(this.execOutput),
      stderr: new PassThrough().end(),
      exit: Promise.resolve(0),
      resize: () => Promise.resolve(),
      close: () => undefined,
    }
    return this.#calls.make('exec', () => exec)
  }

  containerLogs(_nameOrId: string, _options?: ContainerLogOptions): Promise<string> {
    return this.#calls.make('', () => 'last words')
  }

  listNetworks(labels?: LabelSelector): Promise<EngineNetwork[]> {
    return this.#calls.make('', () =>
      [...this.networks.values()]
        .filter((network) => matches(network.labels, labels))
        .map(({ id, name, labels: own, subnet }) => ({ id, name, labels: own, subnets: [subnet] })),
    )
  }

  createNetwork(spec: Parameters<Engine['createNetwork']>[0]): Promise<string> {
    return this.#calls.make(`create network ${spec.name}`, () => {
      const networks = [...this.networks.values()]
      if (networks.some(({ name }) => name === spec.name)) throw failure('Conflict', `network ${spec.name} exists`)
      if (networks.some(({ subnet }) => subnet === spec.subnet)) {
        throw failure('Forbidden', 'Pool overlaps with other one on this address space')
      }
      const id = this.#newId()
      this.networks.set(id, { id, name: spec.name, labels: spec.labels, subnet: spec.subnet })
      return id
    })
  }

  removeNetwork(nameOrId: string): Promise<void> {
    return this.#calls.make(`remove network ${this.networks.get(nameOrId)?.name ?? nameOrId}`, () => {
      const network = [...this.networks.values()].find(({ id, name }) => id === nameOrId || name === nameOrId)
      if (network === undefined) return
      const users = [...this.containers.values()].filter(({ networkId }) => networkId === network.id)
      if (users.some(({ state }) => state === 'running')) throw failure('Forbidden', 'network has active endpoints')
      this.networks.delete(network.id)
    })
  }

  listVolumes(labels: LabelSelector): Promise<{ name: string; labels: Record<string, string> }[]> {
    return this.#calls.make('', () =>
      [...this.volumes]
        .filter(([, volume]) => matches(volume.labels, labels))
        .map(([name, volume]) => ({ name, labels: volume.labels })),
    )
  }

  createVolume(name: string, labels: Record<string, string>): Promise<void> {
    return this.#calls.make(`create volume ${name}`, () => {
      if (!this.volumes.has(name)) this.volumes.set(name, { labels, seeded: false })
    })
  }

  removeVolume(name: string): Promise<void> {
    return this.#calls.make(`remove volume ${name}`, () => {
      const users = [...this.containers.values()].filter(({ spec }) => {
        return spec.mounts.some((mount) => mount.type === 'volume' && mount.volume === name)
      })
      if (users.length > 0) throw failure('Conflict', `volume ${name} is in use`)
      this.volumes.delete(name)
    })
  }

  listImages(): Promise<EngineImage[]> {
    return Promise.resolve([])
  }

  inspectImage(): Promise<EngineImage | undefined> {
    return Promise.resolve(undefined)
  }

  saveImages(): Promise<Readable> {
    return Promise.reject(failure('Internal', 'the fake engine saves no images'))
  }

  loadImage(): Promise<void> {
    return Promise.reject(failure('Internal', 'the fake engine loads no images'))
  }

  tagImage(): Promise<void> {
    return Promise.resolve()
  }

  removeImage(): Promise<void> {
    return Promise.resolve()
  }

  watchEvents(
    labels: LabelSelector,
    handlers: { onEvent(event: EngineEvent): void; onReconnected(): void },
  ): Disposable {
    const watcher = (event: EngineEvent): void => {
      if (matches(event.attributes, labels)) handlers.onEvent(event)
    }
    this.#watchers.add(watcher)
    queueMicrotask(() => handlers.onReconnected())
    return toDisposable(() => void this.#watchers.delete(watcher))
  }

  get watcherCount(): number {
    return this.#watchers.size
  }

  dispose(): void {
    this.#watchers.clear()
  }

  #checkNetwork({ network }: EngineContainerSpec): string {
    if (network.mode !== 'network') return ''
    const found = [...this.networks.values()].find(({ name }) => name === network.name)
    if (found === undefined) throw failure('NotFound', `network ${network.name} not found`)
    return found.id
  }

  #checkMounts({ mounts, labels }: EngineContainerSpec): void {
    for (const mount of mounts) {
      if (mount.type !== 'volume') continue
      const volume = this.volumes.get(mount.volume)
      if (volume === undefined) throw failure('NotFound', `volume ${mount.volume} would be made without labels`)
      if (mount.subpath !== undefined && !volume.seeded) {
        throw failure('BadRequest', `sub-path ${mount.subpath} does not exist (${labels['io.node-lab.role']})`)
      }
    }
  }

  #checkPort(port: number): void {
    const inUse = [...this.containers.values()].some(({ spec, state }) => {
      return state === 'running' && Object.values(spec.publish ?? {}).includes(port)
    })
    if (inUse || this.takenPorts.has(port)) {
      throw failure('Internal', `Bind for 127.0.0.1:${port} failed: port is already allocated`)
    }
  }

  /** A helper does its work in the moment it is started. */
  #runHelper(container: FakeContainer): void {
    if (container.spec.labels['io.node-lab.role'] !== 'helper') return
    container.state = 'exited'
    container.exitCode = this.helperExitCode
    if (this.helperExitCode !== 0) return
    for (const mount of container.spec.mounts) {
      const volume = mount.type === 'volume' ? this.volumes.get(mount.volume) : undefined
      if (volume !== undefined) volume.seeded = true
    }
  }

  #list(labels: LabelSelector): EngineContainer[] {
    return [...this.containers.values()].filter(({ spec }) => matches(spec.labels, labels)).map(summarizeContainer)
  }

  #emit({ id, spec }: FakeContainer, action: string): void {
    const event: EngineEvent = { type: 'container', action, id, attributes: spec.labels, timeNano: 0n }
    for (const watcher of this.#watchers) watcher(event)
  }

  #find(nameOrId: string): FakeContainer | undefined {
    return this.containers.get(nameOrId) ?? this.containerNamed(nameOrId)
  }

  #require(nameOrId: string): FakeContainer {
    const container = this.#find(nameOrId)
    if (container === undefined) throw failure('NotFound', `no such container: ${nameOrId}`)
    return container
  }

  #nameOf(nameOrId: string): string {
    return this.#find(nameOrId)?.spec.name ?? nameOrId
  }

  #newId(): string {
    this.#count += 1
    return String(this.#count).padStart(8, '0')
  }
}
