import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { computeAxis } from './time-axis.ts'
import { fitRange, panBy, showMoment, spanOf, zoomAround } from './time-range.ts'

const HOUR = 3_600_000
const NOON = Date.parse('2026-11-24T12:00:00Z')
const OPTIONS = { locale: 'en', timeZone: 'UTC', minGapPx: 80, widthPx: 800 }

describe('computeAxis', () => {
  it('given an hour, then ticks are at round minutes, and the first one tells the day', () => {
    const ticks = computeAxis({ startMs: NOON + 60_000, endMs: NOON + HOUR }, OPTIONS)
    expect(ticks.map(({ label }) => label)).toEqual(['12:10', '12:20', '12:30', '12:40', '12:50', '13:00'])
    expect(ticks[0]?.day).toBe('Nov 24')
    expect(ticks[1]?.day).toBeUndefined()
  })

  it('given a zone half an hour off, then ticks are round on its clocks', () => {
    const ticks = computeAxis({ startMs: NOON, endMs: NOON + 6 * HOUR }, { ...OPTIONS, timeZone: 'Asia/Kolkata' })
    expect(ticks.map(({ label }) => label)).toEqual(['18:00', '19:00', '20:00', '21:00', '22:00', '23:00'])
  })

  it('given any range, then ticks are inside, apart, and not many', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2_000_000_000_000 }),
        fc.integer({ min: 250, max: 3_000_000_000 }),
        (startMs, span) => {
          const range = { startMs, endMs: startMs + span }
          const ticks = computeAxis(range, OPTIONS)
          expect(ticks.length).toBeLessThanOrEqual(11)
          for (const { timeMs } of ticks) {
            expect(timeMs).toBeGreaterThanOrEqual(range.startMs)
            expect(timeMs).toBeLessThanOrEqual(range.endMs)
          }
        },
      ),
    )
  })
})

describe('time ranges', () => {
  const range = { startMs: NOON, endMs: NOON + HOUR }

  it('given a zoom, then the anchor stays where it is on the screen', () => {
    const anchorMs = NOON + HOUR / 4
    const zoomed = zoomAround(range, 0.5, anchorMs)
    expect(spanOf(zoomed)).toBe(HOUR / 2)
    expect((anchorMs - zoomed.startMs) / spanOf(zoomed)).toBeCloseTo(0.25)
  })

  it('given zoom without end, then at least a quarter of a second and at most a year are shown', () => {
    expect(spanOf(zoomAround(range, 1e-9, NOON))).toBe(250)
    expect(spanOf(zoomAround(range, 1e9, NOON))).toBe(366 * 24 * HOUR)
  })

  it('given a moment inside, then nothing moves; outside, then as little as is needed', () => {
    expect(showMoment(range, NOON + HOUR / 2)).toBe(range)
    const shown = showMoment(range, NOON + 2 * HOUR)
    expect(shown.endMs).toBeCloseTo(NOON + 2 * HOUR + HOUR / 10)
    expect(panBy(range, 5).startMs).toBe(NOON + 5)
    expect(spanOf(fitRange(NOON, NOON + HOUR))).toBeGreaterThan(HOUR)
  })
})
