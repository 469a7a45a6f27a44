/** `core/v1` Event, as recorders of Kubernetes' own components write it. */
import type { GroupVersionResource } from '../common/api/api-object.ts'
import type { Event, EventSource } from '../common/api/event.ts'
import type { Time } from '../common/api/meta.ts'

export const EVENTS: GroupVersionResource = { group: '', version: 'v1', resource: 'events' }

export interface ComponentSource extends EventSource {
  component: string
}

export interface ComponentEvent extends Event {
  reason: string
  message: string
  source: ComponentSource
  firstTimestamp: Time
  lastTimestamp: Time
  count: number
  type: 'Normal' | 'Warning'
}
