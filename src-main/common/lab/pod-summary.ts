/** A pod as one row: what `kubectl get pods` would print, for every view and the CLI alike. */
import type { Pod } from '../api/core.ts'
import type { ContainerStatus } from '../api/pod-status.ts'
import { formatHumanDuration, parseGoDuration } from '../api/duration.ts'
import type { Time } from '../api/meta.ts'
import { findCondition, isPodReady, isSidecar } from '../api/pod-helpers.ts'

/** A container that waits until its restart is due. */
export interface BackOff {
  container: string
  delaySeconds: number
  /** When the kubelet will try again at the earliest; absent when the last end is not known. */
  until?: Time
}

export interface PodSummary {
  namespace: string
  name: string
  uid: string
  node: string
  /** `<none>` until there is one. */
  ip: string
  /** READY: `1/2`. */
  ready: string
  readyContainers: number
  totalContainers: number
  /** STATUS: `Running`, `CrashLoopBackOff`, `Init:0/2`, `Completed`, `Terminating`, … */
  status: string
  /** Number in RESTARTS. */
  restartCount: number
  /** RESTARTS: `3 (5s ago)`. */
  restarts: string
  /** AGE: `2m5s`, or `<unknown>`. */
  age: string
  backOffs: BackOff[]
}

/** The row of a pod at a moment (milliseconds since 1970). */
export function summarizePod(pod: Pod, now: number): PodSummary {
  const initialization = summarizeInitialization(pod)
  const totals = isInitialized(pod, initialization) ? summarizeContainers(pod, initialization) : initialization
  const totalContainers = pod.spec.containers.length + (pod.spec.initContainers ?? []).filter(isSidecar).length
  const since = pod.metadata.creationTimestamp ?? pod.status?.startTime
  return {
    namespace: pod.metadata.namespace ?? '',
    name: pod.metadata.name ?? '',
    uid: pod.metadata.uid ?? '',
    node: pod.spec.nodeName ?? '',
    ip: pod.status?.podIP ?? '<none>',
    ready: `${totals.ready}/${totalContainers}`,
    readyContainers: totals.ready,
    totalContainers,
    status: terminationStatus(pod) ?? totals.reason,
    restartCount: totals.restarts,
    restarts: formatRestarts(totals.restarts, totals.lastRestart, now),
    // A static pod has no creation time of its own; the kubelet's start time says the same.
    age: since === undefined ? '<unknown>' : formatHumanDuration(now - Date.parse(since)),
    backOffs: findBackOffs(pod),
  }
}

interface Totals {
  reason: string
  ready: number
  restarts: number
  /** Milliseconds since 1970 of the last known end of an instance; 0 when there was none. */
  lastRestart: number
}

interface Initialization extends Totals {
  initializing: boolean
  sidecars: { restarts: number; lastRestart: number }
}

/** Looks through the init containers up to the first that is not done. */
function summarizeInitialization(pod: Pod): Initialization {
  const phase: string = pod.status?.phase ?? ''
  const totals: Initialization = {
    reason: isGated(pod) ? 'SchedulingGated' : (pod.status?.reason ?? phase),
    ready: 0,
    restarts: 0,
    lastRestart: 0,
    initializing: false,
    sidecars: { restarts: 0, lastRestart: 0 },
  }
  const specs = new Map((pod.spec.initContainers ?? []).map((container) => [container.name, container]))
  for (const [index, status] of (pod.status?.initContainerStatuses ?? []).entries()) {
    const sidecar = isSidecar(specs.get(status.name))
    addRestarts(totals, status)
    if (sidecar) addRestarts(totals.sidecars, status)
    if (status.state.terminated?.exitCode === 0) continue
    if (sidecar && status.started === true) {
      if (status.ready) totals.ready += 1
      continue
    }
    totals.reason = initReason(status) ?? `Init:${index}/${specs.size}`
    totals.initializing = true
    break
  }
  return totals
}

/** Held back from the scheduler until somebody lifts its gates. */
function isGated(pod: Pod): boolean {
  return findCondition(pod, 'PodScheduled')?.reason === 'SchedulingGated'
}

function initReason({ state: { terminated, waiting } }: ContainerStatus): string | undefined {
  if (terminated !== undefined) return `Init:${terminatedReason(terminated)}`
  if (waiting?.reason === undefined || waiting.reason === '' || waiting.reason === 'PodInitializing') return undefined
  return `Init:${waiting.reason}`
}

function isInitialized(pod: Pod, { initializing }: Initialization): boolean {
  return !initializing || findCondition(pod, 'Initialized')?.status === 'True'
}

/** The app containers decide, from the last to the first, so that the first one has the last word. */
function summarizeContainers(pod: Pod, initialization: Initialization): Totals {
  const totals: Totals = { reason: initialization.reason, ready: initialization.ready, ...initialization.sidecars }
  let running = false
  for (const status of (pod.status?.containerStatuses ?? []).toReversed()) {
    addRestarts(totals, status)
    const { waiting, terminated, running: started } = status.state
    if (waiting?.reason !== undefined && waiting.reason !== '') totals.reason = waiting.reason
    else if (terminated !== undefined) totals.reason = terminatedReason(terminated)
    else if (status.ready && started !== undefined) {
      running = true
      totals.ready += 1
    }
  }
  if (totals.reason === 'Completed' && running) totals.reason = isPodReady(pod) ? 'Running' : 'NotReady'
  return totals
}

function terminatedReason({
  reason,
  signal,
  exitCode,
}: {
  reason?: string
  signal?: number
  exitCode: number
}): string {
  if (reason !== undefined && reason !== '') return reason
  return signal !== undefined && signal !== 0 ? `Signal:${signal}` : `ExitCode:${exitCode}`
}

function terminationStatus(pod: Pod): string | undefined {
  if (pod.metadata.deletionTimestamp === undefined) return undefined
  if (pod.status?.reason === 'NodeLost') return 'Unknown'
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed' ? undefined : 'Terminating'
}

function addRestarts(totals: { restarts: number; lastRestart: number }, status: ContainerStatus): void {
  totals.restarts += status.restartCount
  const finishedAt = Date.parse(status.lastState.terminated?.finishedAt ?? '')
  if (finishedAt > totals.lastRestart) totals.lastRestart = finishedAt
}

function formatRestarts(restarts: number, lastRestart: number, now: number): string {
  if (restarts === 0 || lastRestart === 0) return String(restarts)
  return `${restarts} (${formatHumanDuration(now - lastRestart)} ago)`
}

/** Containers in CrashLoopBackOff: the delay is in the kubelet's message, counted from the last end (facts 2.2.1, 2.2.5). */
/** Containers that wait for their next start. */
export function findBackOffs(pod: Pod): BackOff[] {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {}
  return [...initContainerStatuses, ...containerStatuses].flatMap((status) => {
    const { waiting } = status.state
    const words = /^back-off (\S+) restarting failed container/.exec(waiting?.message ?? '')
    const delay = words?.[1] === undefined ? undefined : parseGoDuration(words[1])
    if (waiting?.reason !== 'CrashLoopBackOff' || delay === undefined) return []
    const backOff: BackOff = { container: status.name, delaySeconds: delay / 1000 }
    const finishedAt = Date.parse(status.lastState.terminated?.finishedAt ?? '')
    if (!Number.isNaN(finishedAt)) backOff.until = new Date(finishedAt + delay).toISOString()
    return [backOff]
  })
}
