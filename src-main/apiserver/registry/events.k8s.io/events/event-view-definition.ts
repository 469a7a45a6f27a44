/** `events.k8s.io/v1` events: the stored `core/v1` events under other names. */
import { EVENT_VIEW_SCHEMA, eventOfView, type EventView, viewOfEvent } from '../../../../common/api/event.ts'
import { type FieldError, invalid, required } from '../../../../common/validation/field-error.ts'
import { validateEvent } from '../../../../common/validation/validate-event.ts'
import { EVENT_TTL_SECONDS, setEventDefaults } from '../../core/events/event-definition.ts'
import { EVENT_PRINTER } from '../../core/events/event-printer.ts'
import { defineKind } from '../../define-kind.ts'
import { strategyOf } from '../../strategies.ts'

export const EVENT_VIEWS = defineKind<EventView>({
  group: 'events.k8s.io',
  kind: 'Event',
  resource: 'events',
  shortNames: ['ev'],
  namespaced: true,
  schema: EVENT_VIEW_SCHEMA,
  strategy: strategyOf<EventView>({
    setDefaults(view) {
      const event = eventOfView(view)
      event.involvedObject ??= {}
      setEventDefaults(event)
      Object.assign(view, viewOfEvent(event))
    },
    validate: (view) => [...validateEvent(eventOfView(view), 'reportingController'), ...validateView(view)],
    allowCreateOnUpdate: true,
    hasNoDependents: true,
  }),
  printer: {
    columns: EVENT_PRINTER.columns,
    cells: (view, now) => EVENT_PRINTER.cells(eventOfView(view), now),
  },
  selectableFields: {
    'regarding.kind': ({ regarding }) => regarding?.kind ?? '',
    'regarding.namespace': ({ regarding }) => regarding?.namespace ?? '',
    'regarding.name': ({ regarding }) => regarding?.name ?? '',
    'regarding.uid': ({ regarding }) => regarding?.uid ?? '',
    'regarding.apiVersion': ({ regarding }) => regarding?.apiVersion ?? '',
    'regarding.resourceVersion': ({ regarding }) => regarding?.resourceVersion ?? '',
    'regarding.fieldPath': ({ regarding }) => regarding?.fieldPath ?? '',
    reason: ({ reason }) => reason ?? '',
    reportingController: ({ reportingController }) => reportingController ?? '',
    type: ({ type }) => type ?? '',
  },
  ttlSeconds: EVENT_TTL_SECONDS,
  storedForm: {
    encode: (view) => ({ ...eventOfView(view) }),
    decode: viewOfEvent,
  },
})

/** What this version asks for beyond `core/v1`. */
function validateView({ eventTime, type = '' }: EventView): FieldError[] {
  const errors: FieldError[] = []
  if (eventTime === undefined || eventTime === null) errors.push(required('eventTime'))
  if (type !== 'Normal' && type !== 'Warning') errors.push(invalid('type', '', `has invalid value: ${type}`))
  return errors
}
