/** What was told about one side: events of the API server, and lines of the nodes' timelines. Pure. */
import type { Event } from '../../common/api/event.ts'
import type { Time } from '../../common/api/meta.ts'
import type { SideName } from '../../common/experiments/experiment.ts'
import type { EventLook, TimelineLook } from '../../common/experiments/side-record.ts'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import { summarizeEvent } from '../cluster/read-api.ts'
import { AGENT_NAMES, sideOfPod } from '../../common/experiments/agent-names.ts'

/** The oldest first. @param since events before its second are left out */
export function computeEventLooks(side: SideName, events: readonly Event[], since: Time): EventLook[] {
  // Times of events have whole seconds.
  const from = Math.floor(Date.parse(since) / 1000) * 1000
  return events
    .filter((event) => sideOfEvent(event) === side)
    .map((event): EventLook => {
      const { type, reason, message, component, lastSeen } = summarizeEvent(event)
      const { kind = '', name = '' } = event.involvedObject
      return { kind: 'event', time: lastSeen, type, reason, message, about: `${kind}/${name}`, source: component }
    })
    .filter(({ time }) => Date.parse(time) >= from)
    .toSorted(byTime)
}

/** The oldest first. @param since entries before it are left out */
export function computeTimelineLooks(side: SideName, entries: readonly TimelineEntry[], since: Time): TimelineLook[] {
  return entries
    .filter((entry) => sideOfEntry(entry) === side && Date.parse(entry.time) >= Date.parse(since))
    .map((entry): TimelineLook => ({ ...entry, kind: 'timeline' }))
    .toSorted(byTime)
}

function sideOfEvent({ involvedObject: { kind, namespace, name = '' } }: Event): SideName | undefined {
  if (namespace !== AGENT_NAMES.namespace) return undefined
  switch (kind) {
    case 'Pod':
      return sideOfPod(name)
    case 'DaemonSet':
      return name === AGENT_NAMES.workload ? 'daemonSet' : undefined
    case 'Deployment':
      return name === AGENT_NAMES.workload ? 'deployment' : undefined
    case 'ReplicaSet':
      return name.startsWith(`${AGENT_NAMES.workload}-`) ? 'deployment' : undefined
    default:
      return undefined
  }
}

function sideOfEntry({ pod, file }: TimelineEntry): SideName | undefined {
  if (pod !== undefined) return pod.namespace === AGENT_NAMES.namespace ? sideOfPod(pod.name) : undefined
  return file === AGENT_NAMES.staticFile ? 'static' : undefined
}

function byTime(one: { time: Time }, other: { time: Time }): number {
  return Date.parse(one.time) - Date.parse(other.time)
}
