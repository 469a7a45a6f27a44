import { describe, expect, it } from 'vitest'
import { EventCorrelator } from './event-correlator.ts'
import type { ComponentEvent } from './event.ts'

function anEvent(message: string, more: Partial<ComponentEvent> = {}): ComponentEvent {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `web.${message}`, namespace: 'default' },
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'web', uid: '1' },
    reason: 'BackOff',
    message,
    source: { component: 'kubelet', host: 'node01' },
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:00Z',
    count: 1,
    type: 'Warning',
    eventTime: null,
    reportingComponent: 'kubelet',
    reportingInstance: 'node01',
    ...more,
  }
}

/** Writes what the correlator decides, as a recorder does. */
function happen(correlator: EventCorrelator, event: ComponentEvent, nowMs = 0) {
  const correlation = correlator.correlate(event, nowMs)
  if (correlation.action !== 'drop') correlator.onWritten(correlation.key, correlation.event)
  return correlation
}

describe('the event correlator (facts 3.5)', () => {
  it('given the same event again, when it happens, it is counted on the one that stands there', () => {
    const correlator = new EventCorrelator()
    expect(happen(correlator, anEvent('same')).action).toBe('create')
    const again = happen(correlator, anEvent('same', { lastTimestamp: '2026-01-01T00:00:10Z' }))
    expect(again).toMatchObject({ action: 'count', patch: { count: 2, lastTimestamp: '2026-01-01T00:00:10Z' } })
    expect(again).toMatchObject({ event: { firstTimestamp: '2026-01-01T00:00:00Z' } })
  })

  it('given ten messages of one reason within ten minutes, from the tenth on they are one event', () => {
    const correlator = new EventCorrelator()
    const actions = Array.from({ length: 12 }, (_, index) => happen(correlator, anEvent(`message ${index}`)))
    expect(actions.slice(0, 9).every(({ action }) => action === 'create')).toBe(true)
    expect(actions[9]).toMatchObject({
      action: 'create',
      event: { message: '(combined from similar events): message 9' },
    })
    expect(actions[10]).toMatchObject({
      action: 'count',
      patch: { count: 2, message: '(combined from similar events): message 10' },
    })
  })

  it('given similar events more than ten minutes apart, they stay themselves', () => {
    const correlator = new EventCorrelator()
    const last = Array.from({ length: 12 }, (_, index) => happen(correlator, anEvent(`m${index}`), index * 601_000)).at(
      -1,
    )
    expect(last).toMatchObject({ action: 'create', event: { message: 'm11' } })
  })

  it('given an object that never stops, 25 events get through, then one in five minutes; other objects are not concerned', () => {
    const correlator = new EventCorrelator()
    const actions = Array.from({ length: 30 }, () => happen(correlator, anEvent('same')).action)
    expect(actions.filter((action) => action !== 'drop')).toHaveLength(25)
    expect(happen(correlator, anEvent('same'), 300_000).action).toBe('count')
    expect(happen(correlator, anEvent('same'), 300_000).action).toBe('drop')
    const other = { kind: 'Pod', namespace: 'default', name: 'other', uid: '2' }
    expect(happen(correlator, anEvent('same', { involvedObject: other }), 300_000).action).toBe('create')
  })

  it('given an event that the server has dropped, it is made anew', () => {
    const correlator = new EventCorrelator()
    const first = happen(correlator, anEvent('same'))
    if (first.action === 'create') correlator.forget(first.key)
    expect(happen(correlator, anEvent('same')).action).toBe('create')
  })
})
