/** What was said about a pod, by its kubelet and in the API server, as one list with the repeated ones counted. Pure. */
import { CONFIG_MIRROR_ANNOTATION } from '@common/api/kubelet-labels.ts'
import type { Pod } from '@common/api/core.ts'
import type { ApiEvent } from '@common/lab/api-event.ts'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'

/** `node`: the kubelet's timeline, which needs no API server; `api`: Events that somebody wrote to the API server. */
export type EventOrigin = 'node' | 'api'

export interface EventLine {
  key: string
  origin: EventOrigin
  /** Who says it, such as `kubelet` or `default-scheduler`. */
  source: string
  type: 'Normal' | 'Warning'
  reason: string
  message: string
  container: string
  count: number
  /** Milliseconds since 1970; 0 when it does not say. */
  lastSeen: number
}

export interface EventFilter {
  origin: EventOrigin | ''
  warningsOnly: boolean
  /** Anywhere in reason, message, source or container; capitals do not matter. */
  text: string
}

/**
 * Whether an event is about this very pod and not an earlier one of its name. A kubelet's events of a static pod bear the static
 * UID, which its mirror keeps in an annotation (facts 3.2): the mirror's own UID is the server's invention.
 */
export function isEventAbout({ uid }: Pick<ApiEvent, 'uid'>, { metadata }: Pod): boolean {
  return uid === metadata.uid || uid === metadata.annotations?.[CONFIG_MIRROR_ANNOTATION]
}

/** Newest first. */
export function computeEventLines(entries: readonly TimelineEntry[], events: readonly ApiEvent[]): EventLine[] {
  const lines = new Map<string, EventLine>()
  for (const line of [...entries.map(ofEntry), ...events.map(ofEvent)]) {
    const known = lines.get(line.key)
    if (known === undefined) lines.set(line.key, { ...line })
    else {
      known.count += line.count
      known.lastSeen = Math.max(known.lastSeen, line.lastSeen)
    }
  }
  return [...lines.values()].toSorted((one, other) => other.lastSeen - one.lastSeen)
}

export function filterEventLines(lines: readonly EventLine[], filter: EventFilter): EventLine[] {
  const text = filter.text.trim().toLowerCase()
  return lines.filter(
    ({ origin, type, reason, message, source, container }) =>
      (filter.origin === '' || origin === filter.origin) &&
      (!filter.warningsOnly || type === 'Warning') &&
      (text === '' || [reason, message, source, container].join('\n').toLowerCase().includes(text)),
  )
}

function ofEntry({ type, reason, message, container = '', time }: TimelineEntry): EventLine {
  return {
    key: JSON.stringify(['node', reason, message, container]),
    origin: 'node',
    source: 'kubelet',
    type,
    reason,
    message,
    container,
    count: 1,
    lastSeen: Date.parse(time) || 0,
  }
}

function ofEvent({ type, reason, message, component, count, lastSeen }: ApiEvent): EventLine {
  return {
    key: JSON.stringify(['api', component, reason, message]),
    origin: 'api',
    source: component,
    type,
    reason,
    message,
    container: '',
    count: Math.max(1, count),
    lastSeen: Date.parse(lastSeen) || 0,
  }
}
