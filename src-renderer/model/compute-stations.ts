/**
 * The way from an author to a running container as a line of stations, each with the time at which the data says that it was reached. What
 * no data tells has no time: it was passed when a later station was reached. A static pod's file often is the same as in an earlier life
 * of the pod, and then so is its UID: only what was told in the present life counts. Pure.
 */
import type { Pod } from '@common/api/core.ts'
import { CONFIG_HASH_ANNOTATION, CONFIG_MIRROR_ANNOTATION } from '@common/api/kubelet-labels.ts'
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

/** The kubelet makes a mirror before it starts the containers, unless the API server is away or the mirror was made anew. */
const MIRROR_FIRST: readonly StationName[] = ['file', 'kubelet', 'mirror', 'pod']

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
  const moments = source.side === 'static' ? staticMoments(source) : apiMoments(source)
  const names = isMirrorFirst(moments) ? MIRROR_FIRST : LINES[source.side]
  const last = names.findLastIndex((name) => moments[name] !== undefined)
  return names.map((name, index): Station => {
    const moment = moments[name]
    if (moment !== undefined) return { name, state: 'reached', ...moment }
    if (index < last) return { name, state: 'passed' }
    return { name, state: last >= 0 && index === last + 1 ? 'at-work' : 'ahead' }
  })
}

type Moments = Partial<Record<StationName, Moment | undefined>>

function isMirrorFirst({ mirror, pod }: Moments): boolean {
  return mirror !== undefined && (pod === undefined || mirror.timeMs <= pod.timeMs)
}

function staticMoments({ pod, file, entries }: StationsSource): Moments {
  const { local, api } = pod ?? {}
  const life = entriesOfLife(entries, local?.metadata.uid)
  const isMirrored = local === undefined || (api !== undefined && isMirrorOf(api, local))
  return {
    file: at(file?.modifiedAt, 'mtime'),
    kubelet: addedMoment(life),
    pod: startMoment(local, life),
    mirror: isMirrored ? at(api?.metadata.creationTimestamp, 'metadata.creationTimestamp') : undefined,
  }
}

/** A file that was changed leaves the earlier edition's mirror for a moment. */
function isMirrorOf(api: Pod, local: Pod): boolean {
  const mirrored = api.metadata.annotations?.[CONFIG_MIRROR_ANNOTATION]
  const hash = local.metadata.annotations?.[CONFIG_HASH_ANNOTATION]
  return mirrored === undefined || hash === undefined || mirrored === hash
}

const ENDS: readonly string[] = ['PodRemoved', 'PodGone']

/** Of the pod since it was there last: a static pod that comes again from the same file has the UID it had. */
function entriesOfLife(entries: readonly TimelineEntry[], uid: string | undefined): TimelineEntry[] {
  if (uid === undefined) return []
  const own = entries.filter(({ pod }) => pod?.uid === uid)
  if (own.at(-1)?.reason === 'PodGone') return []
  const lastAdded = own.findLastIndex(({ reason }) => reason === 'PodAdded')
  const lastEnd = own.findLastIndex(({ reason }, index) => ENDS.includes(reason) && index < lastAdded)
  return own.slice(lastEnd + 1)
}

function apiMoments({ pod, entries, events = [] }: StationsSource): Moments {
  const { api, local } = pod ?? {}
  const uid = api?.metadata.uid
  const life = entriesOfLife(entries, uid)
  const scheduled = api === undefined ? undefined : findCondition(api, 'PodScheduled')
  const scheduledEvent = events.findLast((event) => event.uid === uid && event.reason === 'Scheduled')
  return {
    // The controller's creation of the Pod is what its object is dated by.
    controller: at(api?.metadata.creationTimestamp, 'metadata.creationTimestamp'),
    scheduler:
      scheduled?.status === 'True'
        ? (at(scheduled.lastTransitionTime, 'conditions: PodScheduled') ?? at(scheduledEvent?.lastSeen, 'Scheduled'))
        : at(scheduledEvent?.lastSeen, 'Scheduled'),
    kubelet: addedMoment(life) ?? at(api?.status?.startTime, 'status.startTime'),
    pod: startMoment(local ?? api, life),
  }
}

/** The newest run of its container that has begun: the status says whether there is one, the timeline more precisely when. */
function startMoment(pod: Pod | undefined, life: readonly TimelineEntry[]): Moment | undefined {
  const [status] = pod?.status?.containerStatuses ?? []
  const { running, terminated } = status?.state ?? {}
  const startedAt = running?.startedAt ?? terminated?.startedAt ?? status?.lastState.terminated?.startedAt
  if (startedAt === undefined || startedAt === null) return undefined
  return at(life.findLast(({ reason }) => reason === 'Started')?.time, 'Started') ?? at(startedAt, 'startedAt')
}

/** The first of a life: a kubelet that starts again adds the same pod again. */
function addedMoment(life: readonly TimelineEntry[]): Moment | undefined {
  return at(life.find(({ reason }) => reason === 'PodAdded')?.time, 'PodAdded')
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
