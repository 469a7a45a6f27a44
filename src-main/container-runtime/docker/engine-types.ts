/** The parts of the Docker Engine API's answers that the runtime service reads (API 1.45). */

export interface EngineContainerState {
  Status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead'
  Running: boolean
  OOMKilled: boolean
  ExitCode: number
  Error: string
  /** RFC 3339 with nanoseconds; `0001-01-01T00:00:00Z` is never. */
  StartedAt: string
  FinishedAt: string
}

export interface EngineContainer {
  Id: string
  Created: string
  Name: string
  State: EngineContainerState
  /** Image id. */
  Image: string
  /** The program that runs, and its arguments. */
  Path: string
  Args: string[]
  Config: {
    Labels: Record<string, string> | null
    Image: string
    Tty: boolean
    StdinOnce?: boolean
    Env: string[] | null
    WorkingDir: string
  }
  /** `Memory` is 0 or absent without a limit. */
  HostConfig: { NetworkMode: string; Memory?: number; Runtime?: string }
  NetworkSettings: { Networks: Record<string, { IPAddress: string; GlobalIPv6Address: string }> | null }
}

export interface EngineContainerSummary {
  Id: string
  Names: string[]
  ImageID: string
  State: EngineContainerState['Status']
  Labels: Record<string, string> | null
  NetworkSettings?: { Networks: Record<string, { IPAddress: string }> | null }
}

export interface EngineImage {
  Id: string
  RepoTags: string[] | null
  RepoDigests: string[] | null
  Size: number
  /** In lists; an inspection has them in `Config`. */
  Labels?: Record<string, string> | null
  Config?: { User?: string; Labels?: Record<string, string> | null } | null
  Created?: string
  Architecture?: string
  Os?: string
}

export interface EngineEvent {
  Type: string
  /** Older engines call it `status`. */
  Action?: string
  status?: string
  Actor?: { ID: string; Attributes: Record<string, string> }
  id?: string
  timeNano?: number
}

/** What a create request may hold: the policy's allow-list, as a type. Nothing else can be asked of the engine. */
export interface EngineCreateBody {
  Image: string
  Hostname?: string
  User?: string
  Env?: string[]
  Entrypoint?: string[]
  Cmd?: string[]
  WorkingDir?: string
  StopSignal?: string
  Tty?: boolean
  OpenStdin?: boolean
  StdinOnce?: boolean
  Healthcheck: { Test: ['NONE'] }
  Labels: Record<string, string>
  HostConfig: EngineHostConfig
  NetworkingConfig?: { EndpointsConfig: Record<string, object> }
}

export interface EngineHostConfig {
  NetworkMode: string
  IpcMode: string
  PidMode?: string
  RestartPolicy: { Name: 'no' }
  LogConfig: { Type: 'json-file'; Config: Record<string, string> }
  Init: false
  Mounts?: EngineMount[]
  GroupAdd?: string[]
  CapAdd?: string[]
  CapDrop?: string[]
  SecurityOpt?: string[]
  ReadonlyRootfs?: boolean
  PidsLimit: number
  OomScoreAdj?: number
  CpuShares?: number
  CpuPeriod?: number
  CpuQuota?: number
  Memory?: number
  MemorySwap?: number
}

/** What an update request may hold: limits of memory and CPU, nothing else. */
export type EngineUpdateBody = Pick<EngineHostConfig, 'CpuShares' | 'CpuPeriod' | 'CpuQuota' | 'Memory' | 'MemorySwap'>

/** The only kinds of mount there are: a sub-path of the node's own volume (design §4), and a volume in memory of the pod. */
export interface EngineMount {
  Type: 'volume'
  Source: string
  Target: string
  ReadOnly: boolean
  VolumeOptions: {
    NoCopy: true
    /** Absent: all of a volume in memory. */
    Subpath?: string
    /** With `DriverConfig`: how the engine makes a volume in memory that is not there yet. */
    Labels?: Record<string, string>
    DriverConfig?: { Name: 'local'; Options: { type: 'tmpfs'; device: 'tmpfs'; o: string } }
  }
}
