/** Why a container or a pod came into a state: what a timeline and the journal of what people did tell together. Pure. */
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import type { UserAction } from '@common/lab/user-action.ts'
import type { Stretch } from './compute-lifecycle.ts'

/** `in-turn`: nothing but its turn had to come. `word`: only Kubernetes' word for it is known. */
export type LifecycleCause =
  | { kind: 'file-added' | 'file-changed' | 'file-removed' | 'killed-by-you' | 'probe-failed' | 'deadline' | 'stopped' }
  | { kind: 'exited' | 'back-off-over' | 'sandbox-changed' | 'kubelet-started' | 'in-turn' }
  | { kind: 'exit'; code: number }
  | { kind: 'signal'; signal: number; code: number }
  | { kind: 'back-off' | 'pull-back-off'; seconds: number }
  | { kind: 'word'; word: string }

/** From a person's click to the death of the container, at most: engine and kubelet are asked in between. */
const ACTION_MS = 10_000

const BY_ENTRY = {
  FileAdded: 'file-added',
  FileChanged: 'file-changed',
  FileRemoved: 'file-removed',
  ContainerExited: 'exited',
  BackOffExpired: 'back-off-over',
  SandboxChanged: 'sandbox-changed',
  ProbeFailed: 'probe-failed',
  KubeletStarted: 'kubelet-started',
  DeadlineExceeded: 'deadline',
} as const

/** @param entries of the pod, oldest first */
export function computeCause(
  stretch: Stretch,
  entries: readonly TimelineEntry[],
  actions: readonly UserAction[],
): LifecycleCause {
  const { entry, stage, reason } = stretch
  const cause = entry?.cause === undefined ? undefined : BY_ENTRY[entry.cause]
  if (stage === 'terminated') return causeOfEnd(stretch, entries, actions)
  if (stage === 'back-off') {
    return stretch.delaySeconds === undefined
      ? { kind: 'word', word: reason }
      : { kind: stretch.reason === 'ImagePullBackOff' ? 'pull-back-off' : 'back-off', seconds: stretch.delaySeconds }
  }
  if (cause !== undefined) return { kind: cause }
  return stage === 'running' ? { kind: 'in-turn' } : { kind: 'word', word: reason }
}

function causeOfEnd(
  stretch: Stretch,
  entries: readonly TimelineEntry[],
  actions: readonly UserAction[],
): LifecycleCause {
  const { entry, exitCode, reason } = stretch
  const killing = entry === undefined ? undefined : findKilling(entry, entries)
  if (killing !== undefined) return causeOfKill(killing)
  if (entry !== undefined && findCrashAction(entry, actions) !== undefined) return { kind: 'killed-by-you' }
  const signal = Number(entry?.details?.['signal'] ?? Number.NaN)
  if (exitCode === undefined) return { kind: 'word', word: reason }
  return Number.isFinite(signal) ? { kind: 'signal', signal, code: exitCode } : { kind: 'exit', code: exitCode }
}

/** The kubelet's own decision to end the container that died, if there was one. */
export function findKilling(died: TimelineEntry, entries: readonly TimelineEntry[]): TimelineEntry | undefined {
  const id = died.details?.['containerId']
  return entries.find(
    ({ reason, details, time }) =>
      reason === 'Killing' && id !== undefined && details?.['containerId'] === id && time <= died.time,
  )
}

export function causeOfKill({ cause, message }: TimelineEntry): LifecycleCause {
  if (cause !== undefined) return { kind: BY_ENTRY[cause] }
  return { kind: /failed (?:liveness|startup) probe/.test(message) ? 'probe-failed' : 'stopped' }
}

/** The button that killed it, when it was one. */
export function findCrashAction(died: TimelineEntry, actions: readonly UserAction[]): UserAction | undefined {
  if (died.details?.['signal'] !== 9) return undefined
  const time = Date.parse(died.time)
  return actions.findLast(
    (action) =>
      action.kind === 'ContainerCrashed' &&
      action.pod?.name === died.pod?.name &&
      action.pod?.namespace === died.pod?.namespace &&
      (action.container === undefined || action.container === died.container) &&
      Date.parse(action.time) <= time &&
      time - Date.parse(action.time) <= ACTION_MS,
  )
}
