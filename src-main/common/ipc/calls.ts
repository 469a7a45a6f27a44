/** Renderer → main requests: channel name → [parameters, result]. Channels are `area/verb`. The validators in `validate-call.ts` mirror this map. */
import type { Pod } from '../api/core.ts'
import type { ComparisonRow, Experiment } from '../experiments/experiment.ts'
import type { ComparisonState, ExperimentResult, ExperimentRun } from '../experiments/experiment-run.ts'
import type { ExportSummary, ImportedLab } from '../lab/lab-archive.ts'
import type { ApiEvent } from '../lab/api-event.ts'
import type { ClusterView } from '../lab/cluster-view.ts'
import type { DrainOutcome } from '../lab/drain-outcome.ts'
import type { EngineStatus, LabStatus, NodeView, TaskStatus } from '../lab/lab-status.ts'
import type { ComponentStatus } from '../lab/control-plane-components.ts'
import type { NodeContainer } from '../lab/node-container.ts'
import type { NodeSetting, NodeSettingChange } from '../lab/node-settings.ts'
import type { ManifestVersion } from '../lab/manifest-version.ts'
import type { TerminalStatus, TerminalTarget } from '../lab/terminal.ts'
import type { TimelineEntry } from '../lab/timeline-entry.ts'
import type { ResetOptions, ResetOutcome, ResetPlan } from '../doctor/reset-plan.ts'
import type { DoctorReport, Mend } from '../doctor/doctor-report.ts'
import type { LinkRequest } from './app-link.ts'
import type { UserAction } from '../lab/user-action.ts'
import type { SettingsChange, SettingsState } from '../settings/settings.ts'

export interface NodeTarget {
  lab: string
  node: string
}

export interface PodTarget extends NodeTarget {
  namespace: string
  pod: string
}

export interface ContainerTarget extends PodTarget {
  /** Default: the pod's first container. */
  container?: string
}

/** A manifest of the sample shelf. */
export interface Sample {
  /** File name, such as `web.yaml`. */
  name: string
  /** Stable id for translation of its title and description. */
  id: string
  content: string
}

export interface AppInfo {
  version: string
  platform: string
  /** `electron`, or `browser` when the renderer runs in an ordinary browser. */
  host: 'electron' | 'browser'
  home: string
}

/** Result of `manifest/apply`: what was written. */
export interface AppliedManifest {
  name: string
  /** Whether a file of that name was replaced. */
  replaced: boolean
}

/** What became of kube-controller-manager's manifest; `missing`: it is not in its folder, and the lab's record alone was changed. */
export interface ControlPlaneChange {
  manifest: 'written' | 'unchanged' | 'missing'
}

export interface IpcCalls {
  'app/info': { parameters: Record<string, never>; result: AppInfo }
  /** What the window was asked to open since it last asked; told once. */
  'app/take-link': { parameters: Record<string, never>; result: LinkRequest | null }
  'engine/status': { parameters: Record<string, never>; result: EngineStatus }
  'lab/list': { parameters: Record<string, never>; result: LabStatus[] }
  'lab/up': { parameters: { lab: string; nodes?: number; controlPlane?: boolean }; result: LabStatus }
  'lab/down': { parameters: { lab: string }; result: LabStatus }
  'lab/delete': { parameters: { lab: string }; result: null }
  /** Of a stopped lab. */
  'lab/rename': { parameters: { lab: string; name: string }; result: LabStatus }
  'lab/clone': { parameters: { lab: string; name: string; up?: boolean }; result: ImportedLab }
  /** One file without policy and secrets. `path` and `content` as in `logs/collect`. */
  'lab/export': {
    parameters: { lab: string }
    result: ExportSummary & { sizeBytes: number; path: string | null; content: string | null }
  }
  /**
   * Of a file that the user chose (`content`, in base64) or whose path was typed (`path`): exactly one of them. It is taken as a lab or
   * refused, and its bytes go nowhere else. `name`: another one than the file's.
   */
  'lab/import': { parameters: { content?: string; path?: string; name?: string; up?: boolean }; result: ImportedLab }
  /** Who gives pods of DaemonSets their nodes: the kube-scheduler, or else their controller (facts 6.3). */
  'control-plane/set': { parameters: { lab: string; scheduleDaemonSetPods: boolean }; result: ControlPlaneChange }
  'node/views': { parameters: { lab: string }; result: NodeView[] }
  /** What the lab's API server says; `null` for a lab without a control plane. */
  'cluster/view': { parameters: { lab: string }; result: ClusterView | null }
  /** As `kubectl delete pod`; a mirror pod comes back. */
  'cluster/delete-pod': { parameters: { lab: string; namespace: string; pod: string }; result: null }
  /** Pods that the API server has bound to a node: those of simulated nodes are in no view. */
  'cluster/node-pods': { parameters: NodeTarget; result: Pod[] }
  /** Events about a pod, the oldest first. */
  'cluster/pod-events': { parameters: { lab: string; namespace: string; pod: string }; result: ApiEvent[] }
  'node/add': { parameters: { lab: string; node?: string }; result: LabStatus }
  'node/remove': { parameters: NodeTarget; result: LabStatus }
  'node/start': { parameters: NodeTarget; result: LabStatus }
  'node/stop': { parameters: NodeTarget; result: LabStatus }
  'node/power-off': { parameters: NodeTarget; result: LabStatus }
  /** As the engine sees them, also while the kubelet is away. */
  'node/containers': { parameters: NodeTarget; result: NodeContainer[] }
  'node/set-schedulable': { parameters: NodeTarget & { schedulable: boolean }; result: null }
  /** Takes as long as disruption budgets say no, a minute at most. */
  'node/drain': { parameters: NodeTarget; result: DrainOutcome }
  'node/start-kubelet': { parameters: NodeTarget; result: null }
  'node/stop-kubelet': { parameters: NodeTarget; result: null }
  /** What its files say, and where; also of one that is off. @throws Conflict with reason `NoDisk` before its first start */
  'node/settings': { parameters: NodeTarget; result: NodeSetting[] }
  /** Into its files, then one restart of its kubelet. @throws BadRequest whose `field` is the setting, Conflict, Timeout */
  'node/change-settings': { parameters: NodeTarget & { change: NodeSettingChange }; result: NodeSetting[] }
  'component/list': { parameters: { lab: string }; result: ComponentStatus[] }
  'component/start': { parameters: { lab: string; component: string }; result: null }
  'component/stop': { parameters: { lab: string; component: string }; result: null }
  'node/restart-kubelet': { parameters: NodeTarget; result: null }
  /** Opens the node's manifest folder in the system's file manager; in a browser it answers with the path only. */
  'node/open-folder': { parameters: NodeTarget; result: { path: string; opened: boolean } }
  'manifest/read': { parameters: NodeTarget & { name: string }; result: { content: string } }
  'manifest/apply': {
    parameters: NodeTarget & { name: string; content: string; replace?: boolean }
    result: AppliedManifest
  }
  'manifest/remove': { parameters: NodeTarget & { name: string }; result: null }
  /** So many simulated nodes more; needs a control plane. */
  'simulated/add': { parameters: { lab: string; count: number }; result: LabStatus }
  /** All simulated nodes. */
  'simulated/remove': { parameters: { lab: string }; result: LabStatus }
  /** Which of these images are neither among those that Node Lab brings along nor in the engine, so that they would be pulled. */
  'image/missing': { parameters: { images: string[] }; result: string[] }
  /** Versions that were seen in the node's folder, the newest first; without a name, of all files that ever were there. */
  'manifest/history': { parameters: NodeTarget & { name?: string }; result: ManifestVersion[] }
  'manifest/version': { parameters: NodeTarget & { name: string; version: string }; result: { content: string } }
  'sample/list': { parameters: Record<string, never>; result: Sample[] }
  'pod/crash': { parameters: ContainerTarget; result: { container: string } }
  /** Resolves when the shell is there. @throws Unavailable with reason `NoShell`, Conflict when there is nothing to open it in */
  'terminal/open': {
    parameters: { lab: string; target: TerminalTarget; columns: number; rows: number }
    result: TerminalStatus
  }
  /** Terminals of the lab, in the order in which they were opened; ended ones stay until they are closed. */
  'terminal/list': { parameters: { lab: string }; result: TerminalStatus[] }
  /** Calls of one connection keep their order. */
  'terminal/input': { parameters: { terminal: string; data: string }; result: null }
  'terminal/resize': { parameters: { terminal: string; columns: number; rows: number }; result: null }
  /** Hangs the shell up, and forgets the terminal. */
  'terminal/close': { parameters: { terminal: string }; result: null }
  'timeline/list': { parameters: { lab: string; node?: string }; result: TimelineEntry[] }
  /** The last look at this machine; `null` before the first. */
  'doctor/report': { parameters: Record<string, never>; result: DoctorReport | null }
  'doctor/run': { parameters: Record<string, never>; result: DoctorReport }
  /** Only what the last look has offered; looks again afterwards. */
  'doctor/mend': { parameters: { mend: Mend }; result: DoctorReport }
  /** What people did to the lab, the oldest first. */
  'action/list': { parameters: { lab: string }; result: UserAction[] }
  /** One archive without secrets. `path`: where it lies; in a browser it is `content`, in base64, to be saved from there. */
  'logs/collect': {
    parameters: Record<string, never>
    result: { name: string; sizeBytes: number; path: string | null; content: string | null }
  }
  'reset/plan': { parameters: Record<string, never>; result: ResetPlan }
  /** Removes all labs of this home, and what is asked for besides. */
  'reset/run': { parameters: ResetOptions; result: ResetOutcome }
  /** Experiments of this app, in the order in which they are told. */
  'experiment/list': { parameters: Record<string, never>; result: { experiments: Experiment[]; rows: ComparisonRow[] } }
  /** Resolves when it has begun: how it goes is told by `comparison/changed`, and it is stopped by its task. @throws Conflict while another one runs in the lab, or without what it needs */
  'experiment/run': {
    parameters: { lab: string; experiment: string; hypothesis?: string; deployment?: boolean }
    result: ExperimentRun
  }
  /** The newest first. */
  'experiment/results': { parameters: { lab: string }; result: ExperimentResult[] }
  /** Forgets all results of the lab: its table is empty again. */
  'experiment/forget': { parameters: { lab: string }; result: null }
  'comparison/state': { parameters: { lab: string }; result: ComparisonState }
  /** Puts the agents on all nodes, to stay. @throws Conflict without a control plane */
  'comparison/set-up': { parameters: { lab: string; deployment: boolean }; result: ComparisonState }
  'comparison/remove': { parameters: { lab: string }; result: ComparisonState }
  'settings/read': { parameters: Record<string, never>; result: SettingsState }
  /**
   * Writes the settings that are named, and answers what counts then. A file that is broken is written over only with
   * `replaceBroken`, and is then kept beside the new one; otherwise it is a Conflict.
   */
  'settings/write': { parameters: { change: SettingsChange; replaceBroken?: boolean }; result: SettingsState }
  'task/list': { parameters: Record<string, never>; result: TaskStatus[] }
  /** Asks long work to stop; `task/changed` tells when it has. */
  'task/cancel': { parameters: { id: string }; result: null }
}

export type IpcCallName = keyof IpcCalls
