/** A DaemonSet's agent on two nodes whose pod on the first was deleted: what was seen of it. */
import type { EventLook, PodLook, SideLook, SideRecord, TimelineLook } from '../../../common/experiments/side-record.ts'

export const BEFORE = '2026-11-27T12:00:00.000Z'
export const AFTER = '2026-11-27T12:00:07.400Z'

export function podLook(changes: Partial<PodLook> = {}): PodLook {
  return {
    ...{ kind: 'pod', time: BEFORE, name: 'agent-x7k2p', namespace: 'compare', node: 'node01', uid: 'uid-1' },
    ...{ phase: 'Running', status: 'Running', ready: true, running: true, restarts: 0, containerId: 'c-1' },
    ...{ image: 'busybox:1.36', edition: '', inKubelet: true, inApi: true, mirror: false, apiUid: 'uid-1' },
    ...{ resourceVersion: '100', owner: 'DaemonSet/agent', madeBy: 'kube-controller-manager', deleting: false },
    ...changes,
  }
}

export function sideLook(time: string, pods: PodLook[]): SideLook {
  return {
    time,
    apiServer: 'ready',
    definition: {
      ...{ kind: 'definition', time, what: 'DaemonSet', where: 'daemonset.apps/agent in namespace compare' },
      ...{ present: true, image: 'busybox:1.36', generation: 1, resourceVersion: '90', desired: 2, revisions: 1 },
    },
    pods,
  }
}

export const KILLING: TimelineLook = {
  ...{ kind: 'timeline', boot: 'b', sequence: 41, time: '2026-11-27T12:00:01.250Z', node: 'node01', type: 'Normal' },
  ...{ subject: 'container', reason: 'Killing', message: 'Stopping container agent', container: 'agent' },
  details: { exitCode: 137 },
}

export const CREATED: EventLook = {
  ...{ kind: 'event', time: '2026-11-27T12:00:02Z', type: 'Normal', reason: 'SuccessfulCreate' },
  ...{ message: 'Created pod: agent-b9w4m', about: 'DaemonSet/agent', source: 'daemonset-controller' },
}

export function newSideRecord(changes: Partial<SideRecord> = {}): SideRecord {
  const other = podLook({ name: 'agent-c5c5c', node: 'node02', uid: 'uid-2', apiUid: 'uid-2', containerId: 'c-2' })
  const next = podLook({
    name: 'agent-b9w4m',
    uid: 'uid-3',
    apiUid: 'uid-3',
    containerId: 'c-3',
    restarts: 2,
    time: AFTER,
  })
  const after = sideLook(AFTER, [next, other])
  return {
    side: 'daemonSet',
    target: 'node01',
    workers: ['node01', 'node02'],
    before: sideLook(BEFORE, [podLook(), other]),
    now: after,
    looks: { after },
    events: [CREATED],
    timeline: [KILLING],
    actions: [{ kind: 'action', time: BEFORE, act: 'delete-pod', ok: true, message: 'pod "agent-x7k2p" deleted' }],
    usedFor: ['node-monitor'],
    ...changes,
  }
}
