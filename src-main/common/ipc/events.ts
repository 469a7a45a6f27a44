/** Main → renderer messages: channel name → payload. */
import type { ClusterView } from '../lab/cluster-view.ts'
import type { EngineStatus, LabStatus, NodeView, TaskStatus } from '../lab/lab-status.ts'
import type { TimelineEntry } from '../lab/timeline-entry.ts'

export interface IpcEvents {
  'engine/changed': EngineStatus
  'lab/changed': LabStatus
  'lab/gone': { lab: string }
  'node/changed': NodeView
  'cluster/changed': ClusterView
  'timeline/added': { lab: string; entries: TimelineEntry[] }
  'task/changed': TaskStatus
}

export type IpcEventName = keyof IpcEvents
