/** A pod's phase from its containers (facts 2.6). Pure. */
import type { Container, Pod } from '../../common/api/core.ts'
import type { ContainerStatus, PodPhase } from '../../common/api/pod-status.ts'
import { isSidecar, shouldRestartAfterExit } from '../runtime/restart-policy.ts'

interface Counts {
  unknown: number
  running: number
  waiting: number
  stopped: number
  succeeded: number
  /** Stopped ones that their policy starts again. */
  restartable: number
}

/** `statuses` holds init and app containers alike. */
export function computePhase(pod: Pod, statuses: ContainerStatus[]): PodPhase {
  const statusOf = (container: Container): ContainerStatus | undefined =>
    statuses.find((status) => status.name === container.name)
  const init = countInit(pod, statusOf)
  if (init.failed) return 'Failed'
  const counts = countContainers(pod, statusOf)
  const started = counts.running + counts.stopped > 0
  if (init.pending || (init.sidecarPending && !started) || counts.waiting > 0) return 'Pending'
  if (counts.running > 0 && counts.unknown === 0) return 'Running'
  if (counts.running === 0 && counts.stopped > 0 && counts.unknown === 0) {
    if (counts.restartable > 0) return 'Running'
    return counts.stopped === counts.succeeded ? 'Succeeded' : 'Failed'
  }
  return 'Pending'
}

/** A container waiting for its restart counts by its last termination, so a crash-looping pod is `Running` (facts 2.6.2). */
function countContainers(pod: Pod, statusOf: (container: Container) => ContainerStatus | undefined): Counts {
  const counts: Counts = { unknown: 0, running: 0, waiting: 0, stopped: 0, succeeded: 0, restartable: 0 }
  for (const container of pod.spec.containers) {
    const status = statusOf(container)
    const ended = status?.state.terminated ?? (status?.state.waiting && status.lastState.terminated)
    if (status === undefined) counts.unknown++
    else if (status.state.running !== undefined) counts.running++
    else if (ended !== undefined) {
      counts.stopped++
      if (ended.exitCode === 0) counts.succeeded++
      if (shouldRestartAfterExit(pod, container, ended.exitCode)) counts.restartable++
    } else if (status.state.waiting !== undefined) counts.waiting++
    else counts.unknown++
  }
  return counts
}

interface InitSummary {
  pending: boolean
  /** One failed for good. */
  failed: boolean
  sidecarPending: boolean
}

function countInit(pod: Pod, statusOf: (container: Container) => ContainerStatus | undefined): InitSummary {
  const result: InitSummary = { pending: false, failed: false, sidecarPending: false }
  for (const container of pod.spec.initContainers ?? []) {
    const status = statusOf(container)
    if (isSidecar(container)) {
      if (status?.started !== true) result.sidecarPending = true
      continue
    }
    const ended = status?.state.terminated ?? (status?.state.waiting && status.lastState.terminated)
    if (ended === undefined) result.pending = true
    else if (ended.exitCode !== 0 && !shouldRestartAfterExit(pod, container, ended.exitCode)) result.failed = true
  }
  return result
}
