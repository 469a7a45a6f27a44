/** What a kubelet says of a pod: the `status` of a core/v1 Pod, spelled as on the wire (Kubernetes 1.32 to 1.35). */
import type { QuantityString, ResourceRequirements } from './core.ts'
import type { Time } from './meta.ts'

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown'

export interface PodCondition {
  type: 'PodReadyToStartContainers' | 'Initialized' | 'Ready' | 'ContainersReady' | 'PodScheduled' | string
  status: 'True' | 'False' | 'Unknown'
  observedGeneration?: number
  lastProbeTime?: Time | null
  lastTransitionTime?: Time | null
  reason?: string
  message?: string
}

export interface ContainerStateWaiting {
  reason?: string
  message?: string
}

export interface ContainerStateRunning {
  startedAt?: Time
}

export interface ContainerStateTerminated {
  exitCode: number
  signal?: number
  reason?: string
  message?: string
  startedAt?: Time
  finishedAt?: Time
  containerID?: string
}

/** Exactly one member is set, as in the API. */
export interface ContainerState {
  waiting?: ContainerStateWaiting
  running?: ContainerStateRunning
  terminated?: ContainerStateTerminated
}

export interface ContainerStatus {
  name: string
  state: ContainerState
  lastState: ContainerState
  ready: boolean
  restartCount: number
  image: string
  imageID: string
  containerID?: string
  started?: boolean
  /** The requests of the container, as they were admitted. */
  allocatedResources?: Record<string, QuantityString>
  resources?: Pick<ResourceRequirements, 'limits' | 'requests'>
  volumeMounts?: VolumeMountStatus[]
}

export interface VolumeMountStatus {
  name: string
  mountPath: string
  readOnly?: boolean
  recursiveReadOnly?: 'Disabled'
}

export type PodQOSClass = 'Guaranteed' | 'Burstable' | 'BestEffort'

export interface PodStatus {
  observedGeneration?: number
  phase?: PodPhase
  conditions?: PodCondition[]
  message?: string
  reason?: string
  /** Where the scheduler makes room for it by preemption. */
  nominatedNodeName?: string
  hostIP?: string
  hostIPs?: { ip: string }[]
  podIP?: string
  podIPs?: { ip: string }[]
  startTime?: Time
  initContainerStatuses?: ContainerStatus[]
  containerStatuses?: ContainerStatus[]
  qosClass?: PodQOSClass
}
