/** What a person did to a lab, in the window or on the command line: the flags on a timeline, and the answer to "who did that?". */
import type { Time } from '../api/meta.ts'

/** Kinds are what was asked for, not what came of it. */
export type UserActionKind =
  | 'ManifestAdded'
  | 'ManifestReplaced'
  | 'ManifestRemoved'
  | 'ContainerCrashed'
  | 'KubeletStopped'
  | 'KubeletStarted'
  | 'KubeletRestarted'
  | 'NodeAdded'
  | 'NodeRemoved'
  | 'NodeStopped'
  | 'NodeStarted'
  | 'NodePoweredOff'
  | 'NodeCordoned'
  | 'NodeUncordoned'
  | 'NodeDrained'
  | 'NodeSettingsChanged'
  | 'ControlPlaneAdded'
  | 'ComponentStopped'
  | 'ComponentStarted'
  | 'ApiPodDeleted'
  | 'SchedulingChanged'
  | 'LabStarted'
  | 'LabStopped'

export interface UserAction {
  /** Identity: unique within the lab, and in the order of time. */
  id: string
  lab: string
  kind: UserActionKind
  /** RFC 3339 with milliseconds, UTC: when it was asked for, on this machine's clock. */
  time: Time
  node?: string
  /** File name of a manifest. */
  file?: string
  pod?: { namespace: string; name: string }
  container?: string
  /** Name of a control-plane component, such as `kube-scheduler`. */
  component?: string
  /** It was refused: nothing came of it. Such actions are on no timeline. */
  failed?: true
}
