/** Moments and parts of a pod that the board shows beside its STATUS. Pure. */
import type { Pod } from '@common/api/core.ts'

/** Since when the pod is in the state that it shows: start of its newest run, end of its last one, or its own start. */
export function stateSince(pod: Pod): string | undefined {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
  const ended = newest(
    statuses.map(({ state, lastState }) => (state.terminated ?? (state.waiting && lastState.terminated))?.finishedAt),
  )
  const started = newest(statuses.map(({ state }) => state.running?.startedAt))
  const isWaiting = statuses.some(({ state }) => state.waiting !== undefined)
  return (
    (isWaiting ? ended : (started ?? ended)) ?? pod.status?.startTime ?? pod.metadata.creationTimestamp ?? undefined
  )
}

function newest(times: readonly (string | undefined)[]): string | undefined {
  return times
    .filter((time) => time !== undefined)
    .toSorted((left, right) => Date.parse(left) - Date.parse(right))
    .at(-1)
}

/** The container that a crash of the pod as a whole means: the first one that runs. */
export function firstRunningContainer(pod: Pod): string | undefined {
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])]
  return statuses.find(({ state }) => state.running !== undefined)?.name
}
