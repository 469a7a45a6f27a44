/** What `kubectl get events` prints (facts 8.3.3). */
import type { Event } from '../../../../common/api/event.ts'
import { column, formatSince, NAME, printTable, text, wide } from '../../columns.ts'

export const EVENT_PRINTER = printTable<Event>([
  text('Last Seen', 'Time since it happened last.', (event, now) => formatSince(lastSeen(event), now)),
  text('Type', 'Normal or Warning.', ({ type }) => type ?? ''),
  text('Reason', 'Why, in one word.', ({ reason }) => reason ?? ''),
  text('Object', 'What it happened to.', formatObject),
  wide(text('Subobject', 'The part of the object.', ({ involvedObject }) => involvedObject.fieldPath ?? '')),
  wide(text('Source', 'Who says so, and where.', formatSource)),
  text('Message', 'What happened, in words.', ({ message = '' }) => message.trim()),
  wide(text('First Seen', 'Time since it happened first.', (event, now) => formatSince(firstSeen(event), now))),
  wide({
    ...column('Count', 'string', 'How often it happened.'),
    cell: ({ series, count = 0 }) => series?.count ?? (count === 0 ? 1 : count),
  }),
  wide(NAME),
])

function firstSeen({ firstTimestamp, eventTime }: Event): string | null | undefined {
  return firstTimestamp ?? eventTime
}

function lastSeen(event: Event): string | null | undefined {
  return event.series === undefined ? (event.lastTimestamp ?? firstSeen(event)) : event.series.lastObservedTime
}

function formatObject({ involvedObject }: Event): string {
  const { kind = '', name = '' } = involvedObject
  return name === '' ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`
}

function formatSource({ source, reportingComponent = '', reportingInstance = '' }: Event): string {
  const component = firstSaid(source?.component, reportingComponent)
  const host = firstSaid(source?.host, reportingInstance)
  return host === '' ? component : `${component}, ${host}`
}

function firstSaid(word: string | undefined, other: string): string {
  return word === undefined || word === '' ? other : word
}
