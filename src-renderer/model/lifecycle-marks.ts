/** What stands on and above the strips of a pod's life: ticks for probes that failed, flags for what set something off. Pure. */
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import type { UserAction, UserActionKind } from '@common/lab/user-action.ts'
import { causeOfKill, findCrashAction, findKilling } from './lifecycle-cause.ts'

export interface ProbeTick {
  time: number
  container: string
  /** It ran too, but said something to worry about. */
  isWarning: boolean
  /** In a row, with this one. */
  count: number
  entry: TimelineEntry
}

export const FLAG_KINDS = [
  'file-added',
  'file-changed',
  'file-removed',
  'killed-by-you',
  'crashed',
  'probe-killed',
  'api-deleted',
  'kubelet-stopped',
  'kubelet-started',
  'node-stopped',
  'node-started',
] as const
export type FlagKind = (typeof FLAG_KINDS)[number]

export interface LifecycleFlag {
  kind: FlagKind
  /** Milliseconds since 1970. */
  time: number
  container?: string
  /** Somebody asked for it in the window or on the command line. */
  isByYou: boolean
  /** What tells of it; absent when only the journal of actions does. */
  entry?: TimelineEntry
}

/** From what people asked for to what the kubelet says of it, at most: a folder behind a virtual machine is looked at now and then. */
const ACTION_MS = 25_000

const ASKED_BY: Partial<Record<FlagKind, readonly UserActionKind[]>> = {
  'file-added': ['ManifestAdded', 'ManifestReplaced'],
  'file-changed': ['ManifestReplaced', 'ManifestAdded'],
  'file-removed': ['ManifestRemoved'],
  'kubelet-stopped': ['KubeletStopped', 'KubeletRestarted', 'NodeSettingsChanged', 'NodeStopped', 'LabStopped'],
  'kubelet-started': [
    'KubeletStarted',
    'KubeletRestarted',
    'NodeSettingsChanged',
    'NodeStarted',
    'LabStarted',
    'NodeAdded',
  ],
}

/** Flags of actions that no entry of a pod's timeline stands for. */
const ACTION_FLAGS: Partial<Record<UserActionKind, FlagKind>> = {
  ApiPodDeleted: 'api-deleted',
  NodeStopped: 'node-stopped',
  NodePoweredOff: 'node-stopped',
  LabStopped: 'node-stopped',
  NodeStarted: 'node-started',
}

export function computeProbeTicks(entries: readonly TimelineEntry[]): ProbeTick[] {
  return entries.flatMap((entry) => {
    const { reason, container, details, time } = entry
    if ((reason !== 'Unhealthy' && reason !== 'ProbeWarning') || container === undefined) return []
    const count = Number(details?.['count'] ?? 1)
    return [{ time: Date.parse(time), container, isWarning: reason === 'ProbeWarning', count, entry }]
  })
}

/**
 * @param entries of the pod and of its node's kubelet, oldest first
 * @param actions on this pod, its file and its node
 */
export function computeFlags(entries: readonly TimelineEntry[], actions: readonly UserAction[]): LifecycleFlag[] {
  const told = entries.flatMap((entry): LifecycleFlag[] => {
    const kind = flagOf(entry, entries, actions)
    if (kind === undefined) return []
    const time = Date.parse(entry.time)
    const { container } = entry
    const isByYou = kind === 'killed-by-you' || isAskedFor(kind, time, actions)
    return [{ kind, time, entry, isByYou, ...(container !== undefined && { container }) }]
  })
  const asked = actions.flatMap((action): LifecycleFlag[] => {
    const kind = ACTION_FLAGS[action.kind]
    return kind === undefined ? [] : [{ kind, time: Date.parse(action.time), isByYou: true }]
  })
  return [...told, ...asked].filter(({ time }) => !Number.isNaN(time)).toSorted((one, other) => one.time - other.time)
}

function flagOf(
  entry: TimelineEntry,
  entries: readonly TimelineEntry[],
  actions: readonly UserAction[],
): FlagKind | undefined {
  switch (entry.reason) {
    case 'FileAccepted':
      return entry.cause === 'FileChanged' ? 'file-changed' : 'file-added'
    case 'FileGone':
      return 'file-removed'
    case 'KubeletStarted':
      return 'kubelet-started'
    case 'KubeletStopping':
      return 'kubelet-stopped'
    case 'ContainerDied':
      return flagOfEnd(entry, entries, actions)
    default:
      return undefined
  }
}

/** An end that was to be expected has no flag: the kubelet stopped the container, or it had done its work. */
function flagOfEnd(
  entry: TimelineEntry,
  entries: readonly TimelineEntry[],
  actions: readonly UserAction[],
): FlagKind | undefined {
  const killing = findKilling(entry, entries)
  if (killing !== undefined) return causeOfKill(killing).kind === 'probe-failed' ? 'probe-killed' : undefined
  if (findCrashAction(entry, actions) !== undefined) return 'killed-by-you'
  return entry.details?.['exitCode'] === 0 ? undefined : 'crashed'
}

function isAskedFor(kind: FlagKind, time: number, actions: readonly UserAction[]): boolean {
  const kinds = ASKED_BY[kind] ?? []
  return actions.some((action) => {
    const before = time - Date.parse(action.time)
    return kinds.includes(action.kind) && before >= 0 && before <= ACTION_MS
  })
}
