import { describe, expect, it } from 'vitest'
import type { Event } from '../../common/api/event.ts'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import { computeEventLooks, computeTimelineLooks } from './compute-side-history.ts'

const SINCE = '2026-11-27T12:00:00.700Z'

function event(kind: string, name: string, changes: Partial<Event> = {}): Event {
  return {
    ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: 'e' }, type: 'Normal', reason: 'Scheduled', message: 'm' },
    involvedObject: { kind, namespace: 'compare', name },
    source: { component: 'default-scheduler' },
    lastTimestamp: '2026-11-27T12:00:05Z',
    ...changes,
  }
}

describe('given events of all sides', () => {
  const events = [
    event('Pod', 'agent-x7k2p'),
    event('Pod', 'agent-static-node01', { source: { component: 'kubelet' }, reason: 'Started' }),
    event('DaemonSet', 'agent', { lastTimestamp: '2026-11-27T12:00:00Z', reason: 'SuccessfulCreate' }),
    event('Deployment', 'agent'),
    event('ReplicaSet', 'agent-5d9c7b'),
    event('Pod', 'agent-5d9c7b-x7k2p'),
    event('Pod', 'agent-old99', { lastTimestamp: '2026-11-27T11:59:59Z' }),
    event('Node', 'node01'),
    { ...event('Pod', 'agent-x7k2p'), involvedObject: { kind: 'Pod', namespace: 'default', name: 'agent-x7k2p' } },
    event('Pod', 'web-x7k2p'),
  ]

  it('when those of a side are asked for, then there are those about its pods and its definition since then', () => {
    expect(computeEventLooks('daemonSet', events, SINCE)).toEqual([
      {
        ...{ kind: 'event', time: '2026-11-27T12:00:00Z', type: 'Normal', reason: 'SuccessfulCreate', message: 'm' },
        ...{ about: 'DaemonSet/agent', source: 'default-scheduler' },
      },
      expect.objectContaining({ about: 'Pod/agent-x7k2p', time: '2026-11-27T12:00:05Z' }),
    ])
    expect(computeEventLooks('static', events, SINCE).map(({ about }) => about)).toEqual(['Pod/agent-static-node01'])
    expect(computeEventLooks('deployment', events, SINCE).map(({ about }) => about)).toEqual([
      'Deployment/agent',
      'ReplicaSet/agent-5d9c7b',
      'Pod/agent-5d9c7b-x7k2p',
    ])
  })
})

describe('given timeline entries of nodes', () => {
  const entry = (changes: Partial<TimelineEntry>): TimelineEntry => ({
    ...{ boot: 'b', sequence: 1, time: '2026-11-27T12:00:03.000Z', node: 'node01', type: 'Normal' },
    ...{ subject: 'container', reason: 'Started', message: 'm' },
    ...changes,
  })
  const entries = [
    entry({ pod: { namespace: 'compare', name: 'agent-static-node01', uid: 'u' }, reason: 'Started' }),
    entry({ file: 'compare-agent.yaml', subject: 'file', reason: 'FileAccepted', time: '2026-11-27T12:00:01.000Z' }),
    entry({ file: 'compare-agent.yaml', subject: 'file', reason: 'FileRejected', time: '2026-11-27T12:00:00.600Z' }),
    entry({ pod: { namespace: 'compare', name: 'agent-x7k2p', uid: 'u' }, reason: 'Killing' }),
    entry({ file: 'web.yaml', subject: 'file' }),
    entry({ subject: 'kubelet', reason: 'KubeletStarted' }),
  ]

  it('when those of a side are asked for, then the oldest is first, and what was before is not there', () => {
    expect(computeTimelineLooks('static', entries, SINCE)).toMatchObject([
      { kind: 'timeline', reason: 'FileAccepted' },
      { kind: 'timeline', reason: 'Started' },
    ])
    expect(computeTimelineLooks('daemonSet', entries, SINCE).map(({ reason }) => reason)).toEqual(['Killing'])
  })
})
