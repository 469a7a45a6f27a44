/**
 * The container engine as the lab manager needs it: a narrow, typed face of the Docker API (≥ 1.45), implemented
 * with dockerode in this folder and nowhere else. Methods reject with `LabError` (`NoEngine` when the engine has gone,
 * `NotFound`, `Conflict`, ...); the engine's own words are in the message.
 */
import type { Duplex, Readable } from 'node:stream'
import type { Disposable } from '../../base/disposable.ts'
import type { EngineStatus } from '../../common/lab/lab-status.ts'

export interface EngineContainer {
  id: string
  name: string
  image: string
  labels: Record<string, string>
  /** As Docker says it: `created`, `running`, `restarting`, `removing`, `paused`, `exited`, `dead`. */
  state: string
}

export interface EngineContainerDetails extends EngineContainer {
  imageId: string
  createdAt: string
  /** RFC 3339; the zero time `0001-01-01T00:00:00Z` while it has never started. */
  startedAt: string
  finishedAt: string
  exitCode: number
  pid: number
  restartCount: number
  /** As Docker says it: `no`, `always`, ... */
  restartPolicy: string
  /** Network name → IPv4 address; empty while it does not run. */
  addresses: Record<string, string>
}

/** A mount of a new container; engine-side paths are for node and runtime service containers only (design §4). */
export type EngineMount =
  | { type: 'volume'; volume: string; subpath?: string; target: string; readOnly?: boolean }
  | { type: 'bind'; source: string; target: string; readOnly?: boolean }
  | { type: 'tmpfs'; target: string; sizeBytes?: number }

export interface EngineContainerSpec {
  name: string
  image: string
  hostname?: string
  command?: string[]
  entrypoint?: string[]
  environment?: Record<string, string>
  labels: Record<string, string>
  mounts: EngineMount[]
  /** `none`, another container's, or a network with an optional fixed address. */
  network:
    | { mode: 'none' }
    | { mode: 'container'; container: string }
    | { mode: 'network'; name: string; address?: string; aliases?: string[] }
  /** TCP port in the container → port on 127.0.0.1. */
  publish?: Record<number, number>
  restartPolicy: 'no' | 'always'
  /** Whether other containers may be given this one's IPC namespace. */
  shareableIpc?: boolean
  user?: string
  securityOptions?: string[]
  extraHosts?: Record<string, string>
  stopSignal?: string
  stopTimeoutSeconds?: number
  memoryBytes?: number
  pidsLimit?: number
  tty?: boolean
  openStdin?: boolean
  autoRemove?: boolean
}

export interface EngineExecOptions {
  command: string[]
  user?: string
  environment?: Record<string, string>
  workingDirectory?: string
  tty?: boolean
  stdin?: boolean
}

/**
 * A running exec. With a tty everything arrives on `stdout`. Both outputs have to be read (or resumed): one that nobody
 * reads holds up the other. Ending `stdin` closes the process's standard input and leaves the outputs open.
 */
export interface EngineExec {
  stdin: Duplex
  stdout: Readable
  stderr: Readable
  /** Resolves with the exit code after both outputs have ended. */
  exit: Promise<number>
  resize(columns: number, rows: number): Promise<void>
  /** Ends the connection; the process sees its stdin close. */
  close(): void
}

/** Container, network or volume event, from old and new engines alike. */
export interface EngineEvent {
  type: string
  action: string
  id: string
  attributes: Record<string, string>
  /** Nanoseconds since the epoch. */
  timeNano: bigint
}

export interface EngineNetwork {
  id: string
  name: string
  labels: Record<string, string>
  /** IPv4 CIDRs. */
  subnets: string[]
}

export interface EngineImage {
  id: string
  tags: string[]
  labels: Record<string, string>
  sizeBytes: number
  createdAt: string
  /** Of its programs; only when it was inspected. */
  architecture?: string
}

/** What an engine says of itself and of the machine that it runs on (`GET /info`). */
export interface EngineInfo {
  /** Of the system there, such as `Docker Desktop` or `Debian GNU/Linux 13 (trixie)`. */
  operatingSystem: string
  hostname: string
  /** `1` or `2`. */
  cgroupVersion: string
  cgroupDriver: string
  rootless: boolean
  selinux: boolean
  /** That the engine cannot enforce: `memory`, `cpu`, `pids`. */
  missingLimits: string[]
  memoryBytes: number
  /** Where images and containers lie, on the engine's machine. */
  dataRoot: string
}

export type LabelSelector = Record<string, string | true>

export interface ContainerLogOptions {
  /** Absent: all lines. */
  tailLines?: number
  stdoutOnly?: boolean
}

export interface Engine extends Disposable {
  /** As `DOCKER_HOST` would spell it. */
  readonly endpoint: string
  /** Where the engine's socket lies *on the engine's machine*: what runtime services mount (design §9). */
  readonly socketPath: string
  status(): Promise<EngineStatus>
  /** Of the engine's machine, as images spell it: `amd64`, `arm64`. */
  architecture(): Promise<string>
  info(): Promise<EngineInfo>
  /** What the engine would get back by removing its build cache, in bytes. */
  buildCacheBytes(): Promise<number>

  /** All containers, running or not, that bear the labels (`true`: any value). */
  listContainers(labels: LabelSelector): Promise<EngineContainer[]>
  /** `undefined` when there is none. */
  inspectContainer(nameOrId: string): Promise<EngineContainerDetails | undefined>
  createContainer(spec: EngineContainerSpec): Promise<string>
  /** Unpacks a tarball in the container's `/`, whether it runs or not. */
  putArchive(nameOrId: string, tarball: Buffer): Promise<void>
  startContainer(nameOrId: string): Promise<void>
  /** Idempotent: a stopped or missing container is fine. */
  stopContainer(nameOrId: string, timeoutSeconds: number): Promise<void>
  /** @throws Conflict when it does not run */
  killContainer(nameOrId: string, signal: string): Promise<void>
  /** Idempotent; kills it first. */
  removeContainer(nameOrId: string): Promise<void>
  setRestartPolicy(nameOrId: string, policy: 'no' | 'always'): Promise<void>
  /** Resolves with the exit code. */
  waitContainer(nameOrId: string): Promise<number>
  exec(nameOrId: string, options: EngineExecOptions): Promise<EngineExec>
  /**
   * Output of a container, for helpers and diagnostics: all of it, or the last `tailLines`. Without `stdoutOnly` both streams
   * are merged, where a line of one may begin within a line of the other.
   */
  containerLogs(nameOrId: string, options?: ContainerLogOptions): Promise<string>

  listNetworks(labels?: LabelSelector): Promise<EngineNetwork[]>
  createNetwork(spec: {
    name: string
    labels: Record<string, string>
    subnet: string
    /** Addresses that the engine may hand out by itself. */
    ipRange: string
    gateway: string
    internal: boolean
  }): Promise<string>
  /** Idempotent. */
  removeNetwork(nameOrId: string): Promise<void>

  listVolumes(labels: LabelSelector): Promise<{ name: string; labels: Record<string, string> }[]>
  createVolume(name: string, labels: Record<string, string>): Promise<void>
  /** Idempotent. */
  removeVolume(name: string): Promise<void>

  listImages(labels?: LabelSelector): Promise<EngineImage[]>
  /** `undefined` when there is none. */
  inspectImage(reference: string): Promise<EngineImage | undefined>
  /** The images as a tarball, as `docker save` writes it; layers that they share come once. The stream has to be read or destroyed. */
  saveImages(references: readonly string[]): Promise<Readable>
  /** Loads a docker-save tarball. */
  loadImage(tarball: Readable): Promise<void>
  tagImage(reference: string, repository: string, tag: string): Promise<void>
  /** Idempotent. */
  removeImage(reference: string): Promise<void>

  /**
   * Calls back for every event with these labels until disposed. `onReconnected` comes after every connection, the first
   * one too: what happened before may have been missed, so the caller lists anew.
   */
  watchEvents(labels: LabelSelector, handlers: { onEvent(event: EngineEvent): void; onReconnected(): void }): Disposable
}
