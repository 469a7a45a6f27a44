import { expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import type { ContainerEvent, EngineAction } from './engine-event-stream.ts'
import { PatientEvents } from './patient-events.ts'

const event = (containerId: string, action: EngineAction): ContainerEvent => ({
  containerId,
  action,
  labels: {},
  atNs: 0n,
})

interface Story {
  clock: FakeClock
  events: PatientEvents
  /** What was passed on, one word for each time. */
  passed: string[]
}

function aStory(): Story {
  const clock = new FakeClock()
  const passed: string[] = []
  const pass = (events: ContainerEvent[]): void =>
    void passed.push(events.map(({ containerId, action }) => `${action} ${containerId}`).join(', '))
  return { clock, passed, events: new PatientEvents({ clock, pass }) }
}

it('given a pod that starts, then its events are passed on together, a moment after its sandbox has started', async () => {
  const { clock, events, passed } = aStory()
  events.add('pod', event('pause', 'create'))
  await clock.advance(300)
  events.add('pod', event('pause', 'start'))
  await clock.advance(20)
  events.add('pod', event('main', 'create'))
  await clock.advance(120)
  events.add('pod', event('main', 'start'))
  expect(passed).toEqual([])
  await clock.advance(60)
  expect(passed).toEqual(['create pause, start pause, create main, start main'])
})

it('given a start that waits, when a container of the pod ends, then both are passed on at once, in their order', async () => {
  const { clock, events, passed } = aStory()
  events.add('pod', event('main', 'start'))
  events.add('other', event('main2', 'start'))
  events.add('pod', event('main', 'die'))
  expect(passed).toEqual(['start main, die main'])
  await clock.advance(200)
  expect(passed).toEqual(['start main, die main', 'start main2'])
})

it('given a container that is made and not started, then its creation is passed on within a second', async () => {
  const { clock, events, passed } = aStory()
  events.add('pod', event('main', 'create'))
  await clock.advance(999)
  expect(passed).toEqual([])
  await clock.advance(1)
  expect(passed).toEqual(['create main'])
})

it('given an event that waits, when the service ends, then it is passed on no more', async () => {
  const { clock, events, passed } = aStory()
  events.add('pod', event('main', 'create'))
  events.dispose()
  await clock.advance(10_000)
  expect(passed).toEqual([])
})
