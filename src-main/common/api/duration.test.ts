import { describe, expect, it } from 'vitest'
import { formatHumanDuration, parseGoDuration } from './duration.ts'

describe('parseGoDuration', () => {
  it.each([
    ['10s', 10_000],
    ['1m20s', 80_000],
    ['5m0s', 300_000],
    ['1h2m3.5s', 3_723_500],
    ['250ms', 250],
    ['0', 0],
    ['-1s', -1000],
  ])('given %s, then it is %d ms', (text, expected) => {
    expect(parseGoDuration(text)).toBe(expected)
  })

  it.each(['', 's', '10', '1x', '1s1', ' 1s', '1m-2s'])('given %j, then it is no duration', (text) => {
    expect(parseGoDuration(text)).toBeUndefined()
  })
})

describe('formatHumanDuration', () => {
  const s = 1000
  const m = 60 * s
  const h = 60 * m
  const d = 24 * h
  it.each([
    [-5 * s, '<invalid>'],
    [-1 * s, '0s'],
    [0, '0s'],
    [119.9 * s, '119s'],
    [2 * m, '2m'],
    [2 * m + 5 * s, '2m5s'],
    [10 * m + 5 * s, '10m'],
    [179 * m, '179m'],
    [3 * h, '3h'],
    [3 * h + 7 * m, '3h7m'],
    [8 * h + 59 * m, '8h'],
    [47 * h, '47h'],
    [2 * d, '2d'],
    [2 * d + 3 * h, '2d3h'],
    [8 * d + 3 * h, '8d'],
    [729 * d, '729d'],
    [730 * d, '2y'],
    [800 * d, '2y70d'],
    [3000 * d, '8y'],
  ])('given %d ms, then kubectl prints %s', (milliseconds, expected) => {
    expect(formatHumanDuration(milliseconds)).toBe(expected)
  })
})
