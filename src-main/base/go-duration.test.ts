import { describe, expect, it } from 'vitest'
import { formatGoDuration } from './go-duration.ts'

describe('formatGoDuration', () => {
  it.each([
    [0, '0s'],
    [523, '523ms'],
    [1200, '1.2s'],
    [10_000, '10s'],
    [80_000, '1m20s'],
    [300_000, '5m0s'],
    [123_000, '2m3s'],
    [3_600_000, '1h0m0s'],
    [-1500, '-1.5s'],
  ])('given %d ms, then %s', (durationMs, text) => {
    expect(formatGoDuration(durationMs)).toBe(text)
  })
})
