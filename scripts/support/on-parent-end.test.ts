import { expect, it } from 'vitest'
import { FakeClock } from '../../src-main/base/testing/fake-clock.ts'
import { onParentEnd } from './on-parent-end.ts'

it('given a parent that goes, when that is seen, then it is told once', async () => {
  const clock = new FakeClock()
  let parent = 7
  let told = 0
  onParentEnd({ clock, signal: new AbortController().signal, parent: () => parent }, () => (told += 1))
  await clock.advance(60_000)
  expect(told).toBe(0)
  parent = 1
  await clock.advance(60_000)
  expect(told).toBe(1)
  expect(clock.pendingTimers).toBe(0)
})
