/** Events: `core/v1` Event, the form in which they are stored, and its view `events.k8s.io/v1` Event (Kubernetes 1.35). */
import type { ApiObject } from './api-object.ts'
import { INT32, object, oneOf, required, STRING, TIME } from './field-schema.ts'
import { kindSchema } from './kind-schema.ts'
import type { Time } from './meta.ts'
import { OBJECT_REFERENCE } from './service-account.ts'

/** `core/v1` ObjectReference. */
export interface ObjectReference {
  apiVersion?: string
  kind?: string
  namespace?: string
  name?: string
  uid?: string
  resourceVersion?: string
  /** Such as `spec.containers{web}`. */
  fieldPath?: string
}

export interface EventSource {
  component?: string
  host?: string
}

export interface EventSeries {
  count?: number
  lastObservedTime?: Time | null
}

/** Times and source are written even when there is none. */
export interface Event extends ApiObject {
  involvedObject: ObjectReference
  reason?: string
  message?: string
  source?: EventSource
  firstTimestamp?: Time | null
  lastTimestamp?: Time | null
  count?: number
  type?: string
  eventTime?: Time | null
  series?: EventSeries
  action?: string
  related?: ObjectReference
  reportingComponent?: string
  reportingInstance?: string
}

const SERIES = object('EventSeries', { count: INT32, lastObservedTime: TIME })
const SOURCE = object('EventSource', { component: STRING, host: STRING })
const TYPE = oneOf('Normal', 'Warning')

export const EVENT_SCHEMA = kindSchema('Event', {
  involvedObject: required(OBJECT_REFERENCE),
  reason: STRING,
  message: STRING,
  source: SOURCE,
  firstTimestamp: TIME,
  lastTimestamp: TIME,
  count: INT32,
  type: TYPE,
  eventTime: TIME,
  series: SERIES,
  action: STRING,
  related: OBJECT_REFERENCE,
  reportingComponent: required(STRING),
  reportingInstance: required(STRING),
})

/** `events.k8s.io/v1` Event: the same with other names, see `VIEW_NAMES`. */
export interface EventView extends ApiObject {
  eventTime?: Time | null
  series?: EventSeries
  reportingController?: string
  reportingInstance?: string
  action?: string
  reason?: string
  regarding?: ObjectReference
  related?: ObjectReference
  note?: string
  type?: string
  deprecatedSource?: EventSource
  deprecatedFirstTimestamp?: Time | null
  deprecatedLastTimestamp?: Time | null
  deprecatedCount?: number
}

export const EVENT_VIEW_SCHEMA = kindSchema('Event', {
  eventTime: TIME,
  series: SERIES,
  reportingController: STRING,
  reportingInstance: STRING,
  action: STRING,
  reason: STRING,
  regarding: OBJECT_REFERENCE,
  related: OBJECT_REFERENCE,
  note: STRING,
  type: TYPE,
  deprecatedSource: SOURCE,
  deprecatedFirstTimestamp: TIME,
  deprecatedLastTimestamp: TIME,
  deprecatedCount: INT32,
})

/** Members of the view by what they are called in `core/v1`; the rest has one name. */
const VIEW_NAMES: Readonly<Record<string, string>> = {
  involvedObject: 'regarding',
  message: 'note',
  reportingComponent: 'reportingController',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
}
const CORE_NAMES = Object.fromEntries(Object.entries(VIEW_NAMES).map(([core, view]) => [view, core]))

/** Shares what it holds with the event. */
export function viewOfEvent(event: ApiObject): EventView {
  return { ...(rename(event, VIEW_NAMES) as unknown as EventView), apiVersion: 'events.k8s.io/v1', kind: 'Event' }
}

/** Shares what it holds with the view. */
export function eventOfView(view: ApiObject): Event {
  return { ...(rename(view, CORE_NAMES) as unknown as Event), apiVersion: 'v1', kind: 'Event' }
}

function rename(from: object, names: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(from).map(([member, value]) => [names[member] ?? member, value]))
}
