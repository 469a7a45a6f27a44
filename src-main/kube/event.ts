/** `core/v1` Event, as recorders of Kubernetes' own components write it. */
import type { ApiObject, GroupVersionResource } from '../common/api/api-object.ts'
import type { Time } from '../common/api/meta.ts'

export const EVENTS: GroupVersionResource = { group: '', version: 'v1', resource: 'events' }

/** What an event is about. */
export interface InvolvedObject {
  apiVersion?: string
  kind: string
  namespace?: string
  name: string
  uid?: string
  resourceVersion?: string
  /** Such as `spec.containers{web}`. */
  fieldPath?: string
}

export interface EventSource {
  component: string
  host?: string
}

export interface ApiEvent extends ApiObject {
  involvedObject: InvolvedObject
  reason: string
  message: string
  source: EventSource
  firstTimestamp: Time
  lastTimestamp: Time
  count: number
  type: 'Normal' | 'Warning'
  eventTime: null
  reportingComponent: string
  reportingInstance: string
}
