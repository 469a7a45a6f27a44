/**
 * Pods that wait for a node, as lanes: no kubelet has heard of them, so no timeline tells of them, but the API server does. One that has
 * its node by now begins with the wait that came before. Pure; times in milliseconds since the epoch.
 */
import type { Pod } from '@common/api/core.ts'
import { findCondition } from '@common/api/pod-helpers.ts'
import { isMirrorPod } from '@common/api/static-pod.ts'
import { podLaneKey, type PodLane } from './compute-lanes.ts'
import type { PodSegment } from './pod-segments.ts'

/** Times at the API server are whole seconds: a shorter wait is none that could be drawn. */
const SHORTEST_WAIT_MS = 1_500

/** @param apiPods as the API server has them now; mirrors wait for nobody */
export function addWaitingLanes(lanes: readonly PodLane[], apiPods: readonly Pod[]): PodLane[] {
  const waits = apiPods.filter((pod) => !isMirrorPod(pod)).flatMap((pod) => waitOf(pod) ?? [])
  const known = lanes.map((lane): PodLane => {
    const wait = waits.find(({ key, uid }) => key === lane.key && lane.entries.some(({ pod }) => pod?.uid === uid))
    return wait === undefined || wait.startMs >= lane.startMs ? lane : beginWith(lane, wait)
  })
  const keys = new Set(lanes.map(({ key }) => key))
  return [...known, ...waits.filter(({ key }) => !keys.has(key)).map(waitingLane)]
}

interface Wait {
  key: string
  uid: string
  pod: Pod
  startMs: number
  segment: PodSegment
}

function waitOf(pod: Pod): Wait | undefined {
  const { namespace = 'default', name = '', uid = '', creationTimestamp } = pod.metadata
  const startMs = Date.parse(creationTimestamp ?? '')
  if (Number.isNaN(startMs)) return undefined
  const scheduled = findCondition(pod, 'PodScheduled')
  const node = pod.spec.nodeName ?? ''
  const endMs = node === '' ? undefined : Date.parse(scheduled?.lastTransitionTime ?? '')
  if (endMs !== undefined && !(endMs - startMs >= SHORTEST_WAIT_MS)) return undefined
  const segment: PodSegment = {
    ...{ container: pod.spec.containers[0]?.name ?? '', state: 'waiting', reason: 'Pending', running: 0 },
    ...{ total: pod.spec.containers.length, startMs, ...(endMs !== undefined && { endMs }) },
    entry: {
      ...{ boot: '', sequence: 0, time: new Date(startMs).toISOString(), node, type: 'Normal', subject: 'pod' },
      ...{ reason: 'Pending', message: scheduled?.message ?? '', pod: { namespace, name, uid } },
    },
  }
  return { key: podLaneKey(node, namespace, name), uid, pod, startMs, segment }
}

function beginWith(lane: PodLane, { startMs, segment }: Wait): PodLane {
  return { ...lane, startMs, segments: [segment, ...lane.segments] }
}

function waitingLane({ key, pod, startMs, segment }: Wait): PodLane {
  const { namespace = 'default', name = '' } = pod.metadata
  return {
    ...{ kind: 'pod', key, node: pod.spec.nodeName ?? '', namespace, name, entries: [], startMs, restarts: 0 },
    containers: pod.spec.containers.map((container) => container.name),
    ...{ segments: [segment], containerSegments: [] },
  }
}
