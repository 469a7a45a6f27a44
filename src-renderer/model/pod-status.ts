/** What `kubectl get pods` prints about a pod, computed as its printer does (kubectl 1.32 to 1.35). Pure. */
import type { Container, ContainerState, ContainerStatus, Pod } from '@common/api/core.ts'

export interface PodSummary {
  /** The STATUS column, such as `Running`, `CrashLoopBackOff`, `Init:0/2`. */
  status: string
  readyContainers: number
  totalContainers: number
  restarts: number
  /** When a container last ended before its present run: the `(13s ago)` behind RESTARTS. */
  lastRestartAt?: string
}

export function summarisePod(pod: Pod): PodSummary {
  const status = pod.status ?? {}
  const initSpecs = pod.spec.initContainers ?? []
  const sidecars = new Set(initSpecs.filter(isSidecar).map(({ name }) => name))
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
  const init = computeInitStatus(status.initContainerStatuses ?? [], sidecars, initSpecs.length)
  const isInitialised = status.conditions?.some(({ type, status }) => type === 'Initialized' && status === 'True')
  const fallback = status.reason || status.phase || 'Unknown'
  const counted = init !== undefined && !isInitialised ? init : computeAppStatus(pod, init ?? fallback)
  const summary: PodSummary = {
    status: isTerminating(pod) ? 'Terminating' : counted,
    readyContainers: all.filter((container) => countsAsReady(container, sidecars)).length,
    totalContainers: pod.spec.containers.length + sidecars.size,
    restarts: countRestarts(pod, sidecars, init !== undefined && !isInitialised),
  }
  const lastRestartAt = all
    .map(({ lastState }) => lastState.terminated?.finishedAt)
    .filter((time) => time !== undefined)
    .toSorted()
    .at(-1)
  if (lastRestartAt !== undefined) summary.lastRestartAt = lastRestartAt
  return summary
}

export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always'
}

function isTerminating(pod: Pod): boolean {
  const phase = pod.status?.phase
  return pod.metadata.deletionTimestamp !== undefined && phase !== 'Succeeded' && phase !== 'Failed'
}

/** `Init:…` as long as an init container keeps the pod from starting. */
function computeInitStatus(
  statuses: readonly ContainerStatus[],
  sidecars: ReadonlySet<string>,
  total: number,
): string | undefined {
  for (const [index, { name, state, started }] of statuses.entries()) {
    if (state.terminated?.exitCode === 0) continue
    if (sidecars.has(name) && started === true) continue
    if (state.terminated) return `Init:${describeExit(state)}`
    const reason = state.waiting?.reason
    return reason && reason !== 'PodInitializing' ? `Init:${reason}` : `Init:${index}/${total}`
  }
  return undefined
}

/** The first container that has something to say wins, as the printer walks from the last to the first. */
function computeAppStatus(pod: Pod, fallback: string): string {
  let word = fallback
  let hasRunning = false
  for (const { state, ready } of (pod.status?.containerStatuses ?? []).toReversed()) {
    if (state.waiting?.reason) word = state.waiting.reason
    else if (state.terminated) word = describeExit(state)
    else if (ready && state.running) hasRunning = true
  }
  if (word !== 'Completed' || !hasRunning) return word
  const isReady = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
  return isReady ? 'Running' : 'NotReady'
}

function describeExit({ terminated }: ContainerState): string {
  if (terminated?.reason) return terminated.reason
  return terminated?.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated?.exitCode ?? 0}`
}

function countsAsReady({ name, ready, state, started }: ContainerStatus, sidecars: ReadonlySet<string>): boolean {
  return ready && (sidecars.has(name) ? started === true : state.running !== undefined)
}

/** While it initialises, the init containers' restarts count; later those of sidecars and app containers. */
function countRestarts(pod: Pod, sidecars: ReadonlySet<string>, isInitialising: boolean): number {
  const init = (pod.status?.initContainerStatuses ?? []).filter(({ name }) => isInitialising || sidecars.has(name))
  const app = isInitialising ? [] : (pod.status?.containerStatuses ?? [])
  return [...init, ...app].reduce((sum, { restartCount }) => sum + restartCount, 0)
}

/** Since when the pod is in the state that it shows: start of its newest run, end of its last one, or its own start. */
export function stateSince(pod: Pod): string | undefined {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
  const newest = (times: (string | undefined)[]): string | undefined =>
    times.filter((time) => time !== undefined).toSorted((left, right) => Date.parse(left) - Date.parse(right)).at(-1)
  const ended = newest(statuses.map(({ state, lastState }) => (state.terminated ?? (state.waiting && lastState.terminated))?.finishedAt))
  const started = newest(statuses.map(({ state }) => state.running?.startedAt))
  const isWaiting = statuses.some(({ state }) => state.waiting !== undefined)
  return (isWaiting ? ended : (started ?? ended)) ?? pod.status?.startTime ?? pod.metadata.creationTimestamp ?? undefined
}

/** The container that a crash of the pod as a whole means: the first one that runs. */
export function firstRunningContainer(pod: Pod): string | undefined {
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])]
  return statuses.find(({ state }) => state.running !== undefined)?.name
}
