/** `core/v1` events; they go by themselves. */
import { EVENT_SCHEMA, type Event } from '../../../../common/api/event.ts'
import { validateEvent } from '../../../../common/validation/validate-event.ts'
import { defineKind } from '../../define-kind.ts'
import { strategyOf } from '../../strategies.ts'
import { EVENT_PRINTER } from './event-printer.ts'

export const EVENT_TTL_SECONDS = 3600

export const EVENTS = defineKind<Event>({
  group: '',
  kind: 'Event',
  resource: 'events',
  shortNames: ['ev'],
  namespaced: true,
  schema: EVENT_SCHEMA,
  strategy: strategyOf<Event>({
    setDefaults: setEventDefaults,
    validate: (event) => validateEvent(event, 'reportingComponent'),
    allowCreateOnUpdate: true,
    hasNoDependents: true,
  }),
  printer: EVENT_PRINTER,
  selectableFields: {
    'involvedObject.kind': ({ involvedObject }) => involvedObject.kind ?? '',
    'involvedObject.namespace': ({ involvedObject }) => involvedObject.namespace ?? '',
    'involvedObject.name': ({ involvedObject }) => involvedObject.name ?? '',
    'involvedObject.uid': ({ involvedObject }) => involvedObject.uid ?? '',
    'involvedObject.apiVersion': ({ involvedObject }) => involvedObject.apiVersion ?? '',
    'involvedObject.resourceVersion': ({ involvedObject }) => involvedObject.resourceVersion ?? '',
    'involvedObject.fieldPath': ({ involvedObject }) => involvedObject.fieldPath ?? '',
    reason: ({ reason }) => reason ?? '',
    reportingComponent: ({ reportingComponent }) => reportingComponent ?? '',
    source: ({ source, reportingComponent }) => source?.component ?? reportingComponent ?? '',
    type: ({ type }) => type ?? '',
  },
  ttlSeconds: EVENT_TTL_SECONDS,
})

/** What the API writes even when it is empty. */
export function setEventDefaults(event: Event): void {
  event.source ??= {}
  event.firstTimestamp ??= null
  event.lastTimestamp ??= null
  event.eventTime ??= null
  event.reportingComponent ??= ''
  event.reportingInstance ??= ''
}
