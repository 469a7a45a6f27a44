import { describe, expect, it } from 'vitest'
import { EVENT_VIEWS } from '../../events.k8s.io/events/event-view-definition.ts'
import { create, decode } from '../../testing/exercise-kind.ts'
import { EVENTS } from './event-definition.ts'

const now = Date.parse('2026-11-23T16:28:00Z')
/** The recorded event. */
const PULLED = {
  metadata: { name: 'd1-56vxv.18eab967e0469a41', namespace: 'apins' },
  involvedObject: { kind: 'Pod', namespace: 'apins', name: 'd1-56vxv', fieldPath: 'spec.containers{c}' },
  reason: 'Pulled',
  message: 'Container image "bb:v1" already present on machine',
  source: { component: 'kubelet', host: 'node02' },
  firstTimestamp: '2026-11-23T16:27:34Z',
  lastTimestamp: '2026-11-23T16:27:34Z',
  count: 1,
  type: 'Normal',
}
const ROW = [
  '26s',
  'Normal',
  'Pulled',
  'pod/d1-56vxv',
  'spec.containers{c}',
  'kubelet, node02',
  'Container image "bb:v1" already present on machine',
  '26s',
  1,
  'd1-56vxv.18eab967e0469a41',
]

describe('core events', () => {
  it('given the recorded one, then it is the recorded row, and its empty members are written', () => {
    const { object, errors } = create(EVENTS, PULLED)
    expect(errors).toEqual([])
    expect(EVENTS.printer.cells(object, now)).toEqual(ROW)
    expect(object).toMatchObject({ eventTime: null, reportingComponent: '', reportingInstance: '' })
  })

  it('given a series, then its count and its last time are shown', () => {
    const series = { count: 7, lastObservedTime: '2026-11-23T16:27:50Z' }
    const event = decode(EVENTS, { ...PULLED, series, source: {}, reportingComponent: 'kubelet' })
    const cells = EVENTS.printer.cells(event, now)
    expect([cells[0], cells[5], cells[8]]).toEqual(['10s', 'kubelet', 7])
  })

  it.each([
    ['the namespace of another object', { ...PULLED, involvedObject: { ...PULLED.involvedObject, namespace: 'b' } }],
    ['a cluster object outside of default', { ...PULLED, involvedObject: { kind: 'Node', name: 'node01' } }],
  ])('given %s, then it is refused', (_name, body) => {
    expect(create(EVENTS, body).errors).toEqual([
      expect.stringMatching(/^involvedObject\.namespace: Invalid value: "b?": does not match event\.namespace$/),
    ])
  })

  it('given an event of the new style without its words, then each is asked for', () => {
    const body = { ...PULLED, eventTime: '2026-11-23T16:27:34.000000Z', reason: '' }
    const fields = create(EVENTS, body).errors.map((error) => error.split(':')[0])
    expect(new Set(fields)).toEqual(new Set(['reportingComponent', 'reportingInstance', 'action', 'reason']))
  })
})

describe('events of events.k8s.io', () => {
  it('given a stored core event, then the view has it under its own names and prints the same row', () => {
    const stored = decode(EVENTS, PULLED)
    const view = EVENT_VIEWS.storedForm?.decode(stored)
    if (view === undefined) throw new Error('events.k8s.io has a stored form')
    EVENT_VIEWS.strategy.setDefaults(view)
    expect(view).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      note: PULLED.message,
      regarding: PULLED.involvedObject,
      deprecatedSource: PULLED.source,
      deprecatedCount: 1,
    })
    expect(view).not.toHaveProperty('message')
    expect(EVENT_VIEWS.printer.cells(view, now)).toEqual(ROW)
    expect(EVENT_VIEWS.storedForm?.encode(view)).toEqual(stored)
  })

  it('given no time and no type, then both are asked for', () => {
    expect(create(EVENT_VIEWS, { regarding: { kind: 'Node', name: 'a' } }).errors).toEqual([
      'eventTime: Required value',
      'type: Invalid value: "": has invalid value: ',
    ])
  })
})
