import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { systemClock } from './clock.ts'

const DAY_MS = 24 * 3600 * 1000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('given a wait of sixty days, when each of its parts ends, then it calls back after the last one only', () => {
  const onDue = vi.fn()
  systemClock().setTimer(60 * DAY_MS, onDue)
  vi.advanceTimersByTime(60 * DAY_MS - 1)
  expect(onDue).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(onDue).toHaveBeenCalledTimes(1)
})

it('given a wait of sixty days, when it is cancelled in its second part, then it never calls back', () => {
  const onDue = vi.fn()
  const timer = systemClock().setTimer(60 * DAY_MS, onDue)
  vi.advanceTimersByTime(30 * DAY_MS)
  timer.cancel()
  vi.advanceTimersByTime(60 * DAY_MS)
  expect(onDue).not.toHaveBeenCalled()
})
