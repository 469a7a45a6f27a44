/** What a lab is: observed by the lab manager from the engine and the nodes' private channels. Plain data for every view. */
import type { Pod } from '../api/core.ts'
import type { Time } from '../api/meta.ts'
import type { FileVerdict } from './file-verdict.ts'
import type { NodeRole } from './lab-spec.ts'
import type { LabText } from './lab-texts.ts'
import type { RepairNote } from './repair-note.ts'

export type EngineState = 'ready' | 'unreachable' | 'unsuitable'

export interface EngineStatus {
  state: EngineState
  /** As `DOCKER_HOST` would spell it. */
  endpoint: string
  name?: string
  version?: string
  apiVersion?: string
  /** Why it is not ready, and what to do. */
  message?: string
}

export type NodeContainerState = 'absent' | 'stopped' | 'starting' | 'running' | 'stopping' | 'failed'

/** `unreachable`: the node runs but its kubelet's private socket does not answer. */
export type KubeletState = 'running' | 'stopped' | 'unreachable'

/** What a kubelet says of itself over its private channel. */
export interface KubeletInfo {
  nodeName: string
  version: string
  /** Identity of the node's present boot. */
  boot: string
  startedAt: Time
  pid: number
  /** Arguments of the process, as `ps` shows them. */
  arguments: string[]
  /** The `--config` file that was read, if any. */
  configPath?: string
  /** `null`: no static pods are read. */
  staticPodPath: string | null
  /** Where `staticPodPath` came from. */
  staticPodPathSource: 'flag' | 'config' | 'none'
  /** Address of further static pods. */
  staticPodURL?: string
  runtimeReady: boolean
  runtimeMessage?: string
}

export interface NodeStatus {
  name: string
  role: NodeRole
  address: string
  state: NodeContainerState
  kubelet: KubeletState
  runtimeService: NodeContainerState
  kubeletInfo?: KubeletInfo
  /** The folder on this machine that is mounted at `/etc/kubernetes/manifests`. */
  manifestsPath: string
  /** Whether the kubelet's `staticPodPath` is that folder; otherwise drops go through the private channel. */
  watchesMountedFolder: boolean
  /** Names of what lies in the mounted folder while the kubelet reads another: no kubelet watches them. Absent when there are none. */
  unwatchedFiles?: string[]
  /** What is wrong with it, in English, and what to do on the command line. */
  message?: string
  /** The same for who reads another language or the window. */
  messageText?: LabText
}

/** `degraded`: something that should run does not. A lab in which nodes were stopped on purpose runs, unless all were. */
export type LabState = 'absent' | 'stopped' | 'starting' | 'running' | 'degraded' | 'stopping' | 'deleting'

/** The lab's API server as this machine reaches it. */
export interface ApiServerStatus {
  /** Node that the control plane runs on. */
  node: string
  /** `https://127.0.0.1:PORT`. */
  endpoint: string
  /** Path of the kubeconfig on this machine. */
  kubeconfig: string
}

/** Real kubelets whose containers are not real, all of them in one container of the engine. */
export interface SimulatedNodesStatus {
  count: number
  /** Ranges of their names, such as `sim001-sim200`. */
  names: string[]
  /** Of the container that they live in; whether each is ready, the API server knows. */
  container: NodeContainerState
  /** The folder on this machine from which each of them reads its static pods. */
  manifestsPath: string
}

export interface LabStatus {
  name: string
  state: LabState
  folder: string
  subnet: string
  /** Absent for a lab without a control plane. */
  apiServer?: ApiServerStatus
  nodes: NodeStatus[]
  /** Absent for a lab without any. */
  simulatedNodes?: SimulatedNodesStatus
  /** What is wrong with it, in English, and what to do on the command line. */
  message?: string
  /** The same for who reads another language or the window. */
  messageText?: LabText
  /** In the answer to a start: what had been removed, and was made anew. Absent when nothing was. */
  repairs?: RepairNote[]
}

/** Everything that a board shows of one node: replaced as a whole when anything of it changes. */
export interface NodeView {
  lab: string
  node: string
  files: FileVerdict[]
  pods: Pod[]
  observedAt: Time
}

/** Long work with progress, such as building an image or bringing up a lab. */
export interface TaskStatus {
  id: string
  /** Stable name for translation: `lab-up`, `lab-down`, `lab-delete`, `lab-rename`, `lab-clone`, `lab-export`, `lab-import`, `image-build`, `engine-setup`, `node-add`, `node-remove`, `node-start`, `node-stop`. */
  name: string
  subject: string
  /** `cancelled`: by somebody. What was made by then stays, and the next start goes on from there. */
  state: 'running' | 'done' | 'failed' | 'cancelled'
  /** Whether `task/cancel` would be heard now. */
  cancellable?: boolean
  /** The step under way, in English. */
  step?: string
  /** The same for who reads another language, where there is more than the English. */
  stepText?: LabText
  /** 0 to 1, where it is known. */
  progress?: number
  error?: string
  startedAt: Time
  /** Absent while it runs. */
  endedAt?: Time
}
