/**
 * The lab manager: from `LabSpec` to containers, networks, volumes and folders, and back (design §3). CLI, Electron shell
 * and browser bridge all speak to this interface. Methods reject with `LabError`. State is in `lab.yaml` and the engine's
 * labels only, so several processes may use one home at once; changes to one lab are serialised by a lock file.
 */
import type { Readable, Writable } from 'node:stream'
import type { LabStep } from '../common/lab/lab-texts.ts'
import type { Disposable } from '../base/disposable.ts'
import type { Pod } from '../common/api/core.ts'
import type { AppliedManifest, ContainerTarget, ControlPlaneChange, NodeTarget } from '../common/ipc/calls.ts'
import type { DrainOutcome } from '../common/lab/drain-outcome.ts'
import type { FileVerdict } from '../common/lab/file-verdict.ts'
import type { ApiEvent } from '../common/lab/api-event.ts'
import type { ClusterChange, ClusterView } from '../common/lab/cluster-view.ts'
import type { ExportSummary, ImportedLab } from '../common/lab/lab-archive.ts'
import type { EngineStatus, LabStatus, NodeView, TaskStatus } from '../common/lab/lab-status.ts'
import type { ComponentStatus } from '../common/lab/control-plane-components.ts'
import type { NodeContainer } from '../common/lab/node-container.ts'
import type { NodeSetting, NodeSettingChange } from '../common/lab/node-settings.ts'
import type { ManifestAuthor, ManifestVersion } from '../common/lab/manifest-version.ts'
import type { TimelineEntry } from '../common/lab/timeline-entry.ts'
import type { UserAction } from '../common/lab/user-action.ts'
import type { TaskName, TaskOptions, TaskWork } from './status/task-tracker.ts'

/** Told at every step of long work. `progress` is 0 to 1 where it is known. */
export type OnProgress = (step: LabStep) => void

export interface LabManagerEvents {
  onEngineChanged?(status: EngineStatus): void
  onLabChanged?(status: LabStatus): void
  onLabGone?(lab: string): void
  onNodeChanged?(view: NodeView): void
  /** A change of what `clusterView` answers, to be laid over it with `applyClusterChange`. */
  onClusterChanged?(change: ClusterChange): void
  onTimelineAdded?(lab: string, entries: TimelineEntry[]): void
  onTaskChanged?(task: TaskStatus): void
  /** Those that are there when a lab is seen first, and then new ones; one that is told again replaces what was told. */
  onActionsAdded?(lab: string, actions: UserAction[]): void
}

export interface UpOptions {
  /** Workers of a new lab, or at least so many of an old one. */
  nodes?: number
  /** Adds one, which all nodes join; a lab that has one keeps it. */
  controlPlane?: boolean
  /** As in `setScheduling`; left out, it stays as it is. */
  scheduleDaemonSetPods?: boolean
  onProgress?: OnProgress
  signal?: AbortSignal
}

export interface CopyOptions {
  /** Whether the new lab is started; it is stopped otherwise, and nothing of it runs. */
  up?: boolean
  onProgress?: OnProgress
}

export interface ExportedLab extends ExportSummary {
  archive: Buffer
}

export interface DrainOptions {
  /** As kubectl's `--pod-selector`: only pods with such labels. */
  podSelector?: string
  onProgress?: OnProgress
  signal?: AbortSignal
}

export interface LogOptions {
  follow?: boolean
  tailLines?: number
  previous?: boolean
  timestamps?: boolean
  signal?: AbortSignal
}

export interface ExecOptions {
  command: string[]
  tty: boolean
  stdin?: Readable
  stdout: Writable
  stderr: Writable
  /** Size of the terminal now and at every change, when `tty`. */
  onResize?: (listener: (columns: number, rows: number) => void) => Disposable
  signal?: AbortSignal
}

/** `verdict` is absent when the kubelet runs and has said nothing about the file within 25 s. */
export interface JudgedManifest extends AppliedManifest {
  verdict?: FileVerdict
}

export interface ManifestChangeOptions {
  /** Otherwise a file that is there already is an error. */
  replace?: boolean
  /** For the history of versions; the command line unless said otherwise. */
  by?: Exclude<ManifestAuthor, 'outside'>
}

export interface LabManager extends Disposable {
  readonly home: string
  engineStatus(): Promise<EngineStatus>
  listLabs(): Promise<LabStatus[]>
  /** @throws NotFound */
  labStatus(lab: string): Promise<LabStatus>
  /** Creates or starts a lab and waits until its nodes' kubelets are ready; idempotent. */
  up(lab: string, options: UpOptions): Promise<LabStatus>
  down(lab: string, options?: { onProgress?: OnProgress }): Promise<LabStatus>
  /** Removes everything that bears the lab's label, and its folder; idempotent. */
  delete(lab: string, options?: { onProgress?: OnProgress }): Promise<void>
  /** @throws NotFound, AlreadyExists, Conflict while it runs */
  renameLab(lab: string, name: string, options?: { onProgress?: OnProgress }): Promise<LabStatus>
  /** Manifests and node settings of a lab on nodes of their own. @throws NotFound, AlreadyExists */
  cloneLab(lab: string, name: string, options?: CopyOptions): Promise<ImportedLab>
  /** One file without policy and secrets, whether the lab runs or not. @throws NotFound, Conflict when it would be too large */
  exportLab(lab: string, options?: { onProgress?: OnProgress }): Promise<ExportedLab>
  /** `name`: another one than the file's. @throws BadRequest for a file that is no lab, AlreadyExists; then nothing of it is left */
  importLab(file: Buffer, options?: CopyOptions & { name?: string }): Promise<ImportedLab>
  /** `addedBy` is written into the lab's file with it. */
  addNode(
    lab: string,
    node: string | undefined,
    options?: { onProgress?: OnProgress; addedBy?: string },
  ): Promise<LabStatus>
  /** A simulated one, too. With `addedBy`, the node of that addition only. @throws NotFound */
  removeNode(target: NodeTarget, options?: { addedBy?: string }): Promise<LabStatus>
  /** So many more, and waits until they are ready. @throws Conflict without a control plane, and beyond the limit */
  addSimulatedNodes(lab: string, count: number, options?: { onProgress?: OnProgress }): Promise<LabStatus>
  /** All of them. */
  removeSimulatedNodes(lab: string, options?: { onProgress?: OnProgress }): Promise<LabStatus>
  /** What is set for it in its files. @throws NotFound, Conflict for one that was never started */
  nodeSettings(target: NodeTarget): Promise<NodeSetting[]>
  /** Changes its files and restarts its kubelet. @throws BadRequest, NotFound, Conflict when it does not run, Timeout */
  changeNodeSettings(target: NodeTarget, change: NodeSettingChange): Promise<NodeSetting[]>
  startNode(target: NodeTarget): Promise<LabStatus>
  stopNode(target: NodeTarget): Promise<LabStatus>
  /** Pulls the plug: the node and its pods are killed. @throws Conflict when it is off */
  powerOffNode(target: NodeTarget): Promise<LabStatus>
  /** `systemctl restart kubelet` on the node; the other two likewise. @throws Conflict when the node does not run */
  restartKubelet(target: NodeTarget): Promise<void>
  startKubelet(target: NodeTarget): Promise<void>
  stopKubelet(target: NodeTarget): Promise<void>
  /** The containers of a node's pods as the engine sees them, also while the kubelet is away. */
  nodeContainers(target: NodeTarget): Promise<NodeContainer[]>

  /** Where the manifest of each component of the control plane is. @throws Conflict without a control plane */
  components(lab: string): Promise<ComponentStatus[]>
  /** Moves its manifest out of the folder. @throws BadRequest, NotFound, Conflict when it is out already */
  stopComponent(lab: string, component: string): Promise<void>
  /** Puts it back. @throws BadRequest, NotFound, Conflict when there is nothing to put back */
  startComponent(lab: string, component: string): Promise<void>
  /** `kubectl uncordon` (true) and `cordon`. @throws NotFound, Unavailable when the API server does not answer */
  setSchedulable(target: NodeTarget, schedulable: boolean): Promise<void>
  /** `kubectl drain --ignore-daemonsets --force --delete-emptydir-data`; gives up on budgets after a minute. @throws as above, Cancelled */
  drainNode(target: NodeTarget, options?: DrainOptions): Promise<DrainOutcome>

  /**
   * Who gives pods of DaemonSets their nodes: the kube-scheduler (true), or their controller, as up to Kubernetes 1.11 (facts
   * 6.3). Recorded for the lab, and written into the manifest of its kube-controller-manager. @throws NotFound, Conflict
   */
  setScheduling(lab: string, scheduleDaemonSetPods: boolean): Promise<ControlPlaneChange>
  /** What the lab's API server says; `undefined` for a lab without a control plane. */
  clusterView(lab: string): Promise<ClusterView | undefined>
  /** As `kubectl delete pod`: a mirror pod comes back. @throws NotFound, Unavailable when the API server does not answer */
  deleteApiPod(lab: string, namespace: string, pod: string): Promise<void>
  /** What the API server has bound to a node. @throws NotFound, Unavailable when the API server does not answer */
  apiPodsOf(target: NodeTarget): Promise<Pod[]>
  /** As at the end of `kubectl describe pod`, the oldest first. @throws as above */
  apiPodEvents(lab: string, namespace: string, pod: string): Promise<ApiEvent[]>

  /** Path on this machine of the folder that is mounted at `/etc/kubernetes/manifests`. */
  manifestsPath(target: NodeTarget): Promise<string>
  files(target: NodeTarget): Promise<FileVerdict[]>
  readManifest(target: NodeTarget, name: string): Promise<string>
  /** Writes by rename; refuses to replace an existing file unless `replace`. */
  applyManifest(
    target: NodeTarget,
    name: string,
    content: string,
    options?: ManifestChangeOptions,
  ): Promise<AppliedManifest>
  /** The same, and waits for what the kubelet says of the file. */
  applyAndAwaitVerdict(
    target: NodeTarget,
    name: string,
    content: string,
    options?: ManifestChangeOptions,
  ): Promise<JudgedManifest>
  /** @throws NotFound */
  removeManifest(target: NodeTarget, name: string, options?: Pick<ManifestChangeOptions, 'by'>): Promise<void>
  /** Versions that were seen in the mounted folder, the newest first; of one file or of all that ever were there. */
  manifestHistory(target: NodeTarget, name?: string): Promise<ManifestVersion[]>
  /** What the file was then. @throws NotFound */
  manifestVersion(target: NodeTarget, name: string, version: string): Promise<string>

  /** What the kubelets say, of one node or all. */
  pods(lab: string, node?: string): Promise<Pod[]>
  views(lab: string): Promise<NodeView[]>
  timeline(lab: string, options?: { node?: string; pod?: string }): Promise<TimelineEntry[]>
  /** Entries as they come, after all that exist, until the signal. */
  followTimeline(
    lab: string,
    options: { node?: string; pod?: string; onEntries: (entries: TimelineEntry[]) => void; signal: AbortSignal },
  ): Promise<void>
  /** The log in chunks of text. */
  logs(target: ContainerTarget, options?: LogOptions): AsyncIterable<string>
  /** Resolves with the exit code. */
  exec(target: ContainerTarget, options: ExecOptions): Promise<number>
  /** A shell or command on the node itself. */
  shell(target: NodeTarget, options: ExecOptions): Promise<number>
  /** SIGKILL to the container's PID 1; answers which container it was. @throws Conflict when it does not run */
  crash(target: ContainerTarget): Promise<{ container: string }>

  /** What people did to the lab, here and in other processes, the oldest first. @throws NotFound */
  actions(lab: string): Promise<UserAction[]>
  /** Those that neither the catalogue answers to nor the engine has: a kubelet would have them pulled. */
  missingImages(images: readonly string[]): Promise<string[]>

  tasks(): TaskStatus[]
  /** Long work of others on a lab: told and cancelled as the manager's own tasks are. */
  runTask<T>(name: TaskName, lab: string, options: TaskOptions, work: TaskWork<T>): Promise<T>
  /** @throws NotFound, Conflict when it cannot be stopped (any more) */
  cancelTask(id: string): void
  /** Live changes of all labs of this home, until disposed. The first subscriber starts the watches, the last one ends them. */
  subscribe(events: LabManagerEvents): Disposable
}
