/**
 * The way from an author to a running container as a line of stations, each with the time at which the data says that it was reached. What
 * no data tells has no time: it was passed when a later station was reached. Pure.
 */
import type { Pod } from '@common/api/core.ts'
import { findCondition } from '@common/api/pod-helpers.ts'
import type { SideName } from '@common/experiments/experiment.ts'
import type { ApiEvent } from '@common/lab/api-event.ts'
import type { FileVerdict } from '@common/lab/file-verdict.ts'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import type { AgentPod } from './compare-sides.ts'

export type StationName =
  | 'file'
  | 'kubectl'
  | 'api-server'
  | 'etcd'
  | 'controller'
  | 'scheduler'
  | 'kubelet'
  | 'pod'
  | 'mirror'

/** `passed`: a later one was reached, so this was too, at a time that nobody tells; `at-work`: the next to be reached; `ahead`: after that. */
export type StationState = 'reached' | 'passed' | 'at-work' | 'ahead'

export interface Station {
  name: StationName
  state: StationState
  timeMs?: number
  /** Where the time stands, in Kubernetes' own words, such as `metadata.creationTimestamp`. */
  evidence?: string
}

const LINES: Readonly<Record<SideName, readonly StationName[]>> = {
  static: ['file', 'kubelet', 'pod', 'mirror'],
  daemonSet: ['kubectl', 'api-server', 'etcd', 'controller', 'scheduler', 'kubelet', 'pod'],
  deployment: ['kubectl', 'api-server', 'etcd', 'controller', 'scheduler', 'kubelet', 'pod'],
}

export interface StationsSource {
  side: SideName
  /** Whose way it is; absent while there is none. */
  pod: AgentPod | undefined
  /** Of the agent's static pod. */
  file?: FileVerdict | undefined
  /** Of the pod's node. */
  entries: readonly TimelineEntry[]
  /** Of the API server about this pod. */
  events?: readonly ApiEvent[]
}

interface Moment {
  timeMs: number
  evidence: string
}

export function computeStations(source: StationsSource): Station[] {
  const names = LINES[source.side]
  const moments = source.side === 'static' ? staticMoments(source) : apiMoments(source)
  const last = names.findLastIndex((name) => moments[name] !== undefined)
  return names.map((name, index): Station => {
    const moment = moments[name]
    if (moment !== undefined) return { name, state: 'reached', ...moment }
    if (index < last) return { name, state: 'passed' }
    return { name, state: last >= 0 && index === last + 1 ? 'at-work' : 'ahead' }
  })
}

type Moments = Partial<Record<StationName, Moment | undefined>>

function staticMoments({ pod, file, entries }: StationsSource): Moments {
  const uid = pod?.local?.metadata.uid
  return {
    file: at(file?.modifiedAt, 'mtime'),
    kubelet: entryMoment(entries, uid, 'PodAdded'),
    pod: startMoment(pod?.local, entries, uid),
    mirror: at(pod?.api?.metadata.creationTimestamp, 'metadata.creationTimestamp'),
  }
}

function apiMoments({ pod, entries, events = [] }: StationsSource): Moments {
  const { api, local } = pod ?? {}
  const uid = api?.metadata.uid
  const scheduled = api === undefined ? undefined : findCondition(api, 'PodScheduled')
  const scheduledEvent = events.findLast((event) => event.uid === uid && event.reason === 'Scheduled')
  return {
    // The controller's creation of the Pod is what its object is dated by.
    controller: at(api?.metadata.creationTimestamp, 'metadata.creationTimestamp'),
    scheduler:
      scheduled?.status === 'True'
        ? (at(scheduled.lastTransitionTime, 'conditions: PodScheduled') ?? at(scheduledEvent?.lastSeen, 'Scheduled'))
        : at(scheduledEvent?.lastSeen, 'Scheduled'),
    kubelet: entryMoment(entries, uid, 'PodAdded') ?? at(api?.status?.startTime, 'status.startTime'),
    pod: startMoment(local ?? api, entries, uid),
  }
}

/** The newest run of its container that has begun. */
function startMoment(
  pod: Pod | undefined,
  entries: readonly TimelineEntry[],
  uid: string | undefined,
): Moment | undefined {
  const [status] = pod?.status?.containerStatuses ?? []
  const { running, terminated } = status?.state ?? {}
  const startedAt = running?.startedAt ?? terminated?.startedAt ?? status?.lastState.terminated?.startedAt
  return entryMoment(entries, uid, 'Started') ?? at(startedAt, 'startedAt')
}

function entryMoment(entries: readonly TimelineEntry[], uid: string | undefined, reason: string): Moment | undefined {
  if (uid === undefined) return undefined
  const entry = entries.findLast((one) => one.reason === reason && one.pod?.uid === uid)
  return at(entry?.time, reason)
}

function at(time: string | null | undefined, evidence: string): Moment | undefined {
  const timeMs = Date.parse(time ?? '')
  return Number.isNaN(timeMs) ? undefined : { timeMs, evidence }
}

/** The pod whose way is drawn: the youngest, of the target node if it has any. */
export function findNewestPod(pods: readonly AgentPod[], target: string | undefined): AgentPod | undefined {
  const onTarget = pods.filter(({ node }) => node === target)
  const candidates = onTarget.length > 0 ? onTarget : pods
  return candidates.toSorted((one, other) => ageOf(other) - ageOf(one))[0]
}

function ageOf({ local, api }: AgentPod): number {
  const time = local?.status?.startTime ?? api?.metadata.creationTimestamp
  return Date.parse(time ?? '') || 0
}
