/** What can be done from the window, with as much of its subject as its consequences need. Plain data. */
import type { UserActionKind } from '@common/lab/user-action.ts'

export interface PodName {
  namespace: string
  name: string
}

/** Actions whose subject is a node as a whole. */
export type NodeActionKind = Extract<
  UserActionKind,
  'KubeletStopped' | 'KubeletStarted' | 'KubeletRestarted' | 'NodeStopped' | 'NodePoweredOff' | 'NodeStarted'
>

/** Whether a node takes new pods, and keeps those that it has. */
export type SchedulingActionKind = Extract<UserActionKind, 'NodeCordoned' | 'NodeUncordoned' | 'NodeDrained'>

/** `owned`: something makes another; `bare`: nobody does. */
export type PodOrigin = 'mirror' | 'owned' | 'bare'

export type ExplainedAction = { lab: string; node: string } & (
  | { kind: NodeActionKind }
  | { kind: SchedulingActionKind }
  | { kind: 'ContainerCrashed'; pod: PodName; container?: string }
  | { kind: 'ComponentStopped' | 'ComponentStarted'; component: string }
  | { kind: 'ApiPodDeleted'; pod: PodName; origin: PodOrigin; uid: string }
)

/** What is explained alike: the kind, and of a deleted pod where it came from, of a component which one. */
export function explanationOf(action: ExplainedAction): string {
  switch (action.kind) {
    case 'ApiPodDeleted':
      return `ApiPodDeleted.${action.origin}`
    case 'ComponentStopped':
      return `ComponentStopped.${action.component}`
    default:
      return action.kind
  }
}
