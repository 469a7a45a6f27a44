import { describe, expect, it } from 'vitest'
import type { Pod } from '@common/api/core.ts'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import { aContainerStatus, anEntry, aPod, at, aVerdict, NOW } from '../testing/fixtures.ts'
import type { AgentPod } from './compare-sides.ts'
import { computeStations, findNewestPod, type Station, type StationsSource } from './compute-stations.ts'

const UID = 'uid-1'
const reference = { namespace: 'compare', name: 'agent-x7k2p', uid: UID }

/** As the API server has it once it is bound and runs. */
function anApiPod(status: Partial<NonNullable<Pod['status']>> = {}): Pod {
  const pod = aPod({ name: 'agent-x7k2p', uid: UID })
  return {
    ...pod,
    metadata: { ...pod.metadata, namespace: 'compare', creationTimestamp: at(-30) },
    status: {
      phase: 'Running',
      conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: at(-29) }],
      containerStatuses: [aContainerStatus({ state: { running: { startedAt: at(-27) } } })],
      ...status,
    },
  }
}

function theWay(change: Partial<StationsSource> & Pick<StationsSource, 'side' | 'pod'>): string[] {
  return computeStations({ entries: [], ...change }).map(describeStation)
}

function describeStation({ name, state, timeMs }: Station): string {
  return timeMs === undefined ? `${name} ${state}` : `${name} ${(timeMs - NOW) / 1000}`
}

const agent = (api: Pod): AgentPod => ({ key: 'a', node: 'node01', api })

describe('stations', () => {
  it('given a DaemonSet’s pod that runs, then what the data tells has its time, and what comes before was passed without one', () => {
    const entries = [
      anEntry({ time: at(-28.4), subject: 'pod', reason: 'PodAdded', pod: reference }),
      anEntry({ time: at(-27.2), reason: 'Started', pod: reference }),
    ]
    expect(theWay({ side: 'daemonSet', pod: agent(anApiPod()), entries })).toEqual([
      ...['kubectl passed', 'api-server passed', 'etcd passed'],
      ...['controller -30', 'scheduler -29', 'kubelet -28.4', 'pod -27.2'],
    ])
  })

  it('given a pod that nobody has bound, then the scheduler is at work and the rest is ahead', () => {
    const waiting = anApiPod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False' }] })
    delete waiting.status?.containerStatuses
    expect(theWay({ side: 'daemonSet', pod: agent(waiting) }).slice(3)).toEqual([
      ...['controller -30', 'scheduler at-work', 'kubelet ahead', 'pod ahead'],
    ])
  })

  it('given no condition that tells when it was bound, then the event does, and one about an earlier pod does not', () => {
    const pod = agent(anApiPod({ conditions: [] }))
    const event = {
      uid: UID,
      type: 'Normal',
      reason: 'Scheduled',
      message: '',
      component: 'default-scheduler',
    } as const
    const about = (uid: string): string | undefined =>
      theWay({ side: 'daemonSet', pod, events: [{ ...event, uid, count: 1, lastSeen: at(-28.5) }] })[4]
    expect(about(UID)).toBe('scheduler -28.5')
    expect(about('uid-of-another')).toBe('scheduler passed')
  })

  it('given nothing at all, then every station is ahead: no time is invented', () => {
    expect(theWay({ side: 'static', pod: undefined })).toEqual([
      ...['file ahead', 'kubelet ahead', 'pod ahead', 'mirror ahead'],
    ])
  })

  it('given a static pod whose mirror was made anew, then only the mirror has a later time', () => {
    const local = aPod({
      uid: UID,
      name: 'agent-static-node01',
      containers: [aContainerStatus({ state: { running: { startedAt: at(-50) } } })],
    })
    const mirror = (createdAt: string): Pod => ({
      ...local,
      metadata: { ...local.metadata, creationTimestamp: createdAt },
    })
    const source = { side: 'static', file: aVerdict({ modifiedAt: at(-60) }) } as const
    const entries = [
      anEntry({
        time: at(-59),
        subject: 'pod',
        reason: 'PodAdded',
        pod: { ...reference, name: 'agent-static-node01' },
      }),
    ]
    const way = (createdAt: string): string[] =>
      theWay({ ...source, entries, pod: { key: 's', node: 'node01', local, api: mirror(createdAt) } })
    expect(way(at(-49))).toEqual(['file -60', 'kubelet -59', 'pod -50', 'mirror -49'])
    expect(way(at(-5))).toEqual(['file -60', 'kubelet -59', 'pod -50', 'mirror -5'])
  })

  it('given a pod of an earlier run with the same file, and so the same UID, when the new one is being made, then no time of the earlier one is shown', () => {
    const local = aPod({
      uid: UID,
      name: 'agent-static-node01',
      containers: [aContainerStatus({ state: { waiting: { reason: 'ContainerCreating' } } })],
    })
    const api = { ...local, metadata: { ...local.metadata, creationTimestamp: at(-2) } }
    const entry = (reason: string, secondsAgo: number): TimelineEntry =>
      anEntry({ time: at(-secondsAgo), reason, pod: { ...reference, name: 'agent-static-node01' } })
    const earlier = [entry('PodAdded', 90), entry('Started', 88), entry('PodRemoved', 60), entry('PodGone', 58)]
    const way = (entries: TimelineEntry[]): string[] =>
      theWay({ side: 'static', entries, pod: { key: 's', node: 'node01', local, api } }).slice(1)

    expect(way([...earlier, entry('PodAdded', 3)])).toEqual(['kubelet -3', 'mirror -2', 'pod at-work'])
    expect(way(earlier)).toEqual(['kubelet passed', 'mirror -2', 'pod at-work'])
  })

  it('given a mirror of the file’s earlier edition, then it is none of this pod', () => {
    const annotated = (name: string, value: string): Pod => {
      const pod = aPod({ uid: UID, name: 'agent-static-node01' })
      return { ...pod, metadata: { ...pod.metadata, annotations: { [name]: value }, creationTimestamp: at(-50) } }
    }
    const mirrorOf = (hash: string): string | undefined =>
      theWay({
        side: 'static',
        pod: {
          ...{ key: 's', node: 'node01', local: annotated('kubernetes.io/config.hash', 'new') },
          api: annotated('kubernetes.io/config.mirror', hash),
        },
      }).find((station) => station.startsWith('mirror'))
    expect(mirrorOf('new')).toBe('mirror -50')
    expect(mirrorOf('old')).toBe('mirror at-work')
  })

  it('given times that are none, then they are not shown', () => {
    const pod = anApiPod()
    pod.metadata.creationTimestamp = 'yesterday'
    expect(theWay({ side: 'daemonSet', pod: agent(pod) })[3]).toBe('controller passed')
  })
})

describe('the pod whose way is drawn', () => {
  const made = (name: string, node: string, secondsAgo: number): AgentPod => {
    const api = anApiPod()
    return { key: name, node, api: { ...api, metadata: { ...api.metadata, name, creationTimestamp: at(-secondsAgo) } } }
  }
  const pods = [made('old', 'node01', 90), made('new', 'node02', 10), made('middle', 'node01', 40)]

  it('given no target, then the youngest of all; given one, then the youngest there', () => {
    expect(findNewestPod(pods, undefined)?.key).toBe('new')
    expect(findNewestPod(pods, 'node01')?.key).toBe('middle')
    expect(findNewestPod(pods, 'node03')?.key).toBe('new')
  })
})
