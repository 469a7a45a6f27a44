/** Main → renderer messages: channel name → payload. */
import type { ComparisonState, ExperimentResult } from '../experiments/experiment-run.ts'
import type { ClusterChange } from '../lab/cluster-view.ts'
import type { EngineStatus, LabStatus, NodeView, TaskStatus } from '../lab/lab-status.ts'
import type { TerminalStatus } from '../lab/terminal.ts'
import type { TimelineEntry } from '../lab/timeline-entry.ts'
import type { DoctorReport } from '../doctor/doctor-report.ts'
import type { UserAction } from '../lab/user-action.ts'
import type { SettingsState } from '../settings/settings.ts'

export interface IpcEvents {
  /** There is something for `app/take-link`. */
  'app/open-link': Record<string, never>
  'engine/changed': EngineStatus
  'lab/changed': LabStatus
  'lab/gone': { lab: string }
  'node/changed': NodeView
  /** To be laid over the view that `cluster/view` answered. */
  'cluster/changed': ClusterChange
  /** A terminal was opened, or has ended. */
  'terminal/changed': TerminalStatus
  'terminal/gone': { lab: string; terminal: string }
  'timeline/added': { lab: string; entries: TimelineEntry[] }
  'doctor/changed': DoctorReport
  'task/changed': TaskStatus
  /** One with a known id takes the place of what was told before. */
  'action/added': { lab: string; actions: UserAction[] }
  /** The agents came or went, or an experiment takes its next step. */
  'comparison/changed': ComparisonState
  'experiment/ended': ExperimentResult
  /** Written by the app, by the command line or in an editor. */
  'settings/changed': SettingsState
}

export type IpcEventName = keyof IpcEvents
