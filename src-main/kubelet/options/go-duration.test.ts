import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseGoDuration } from '../../common/api/duration.ts'
import { formatGoDuration } from './go-duration.ts'

describe('given a duration as Go writes it', () => {
  it.each([
    ['20s', 20_000],
    ['1m0s', 60_000],
    ['1.5h', 5_400_000],
    ['300ms', 300],
    ['1h15m30.918s', 4_530_918],
    ['-2s', -2000],
    ['0', 0],
    ['.5s', 500],
  ])('when it is %s, then it is %d ms', (text, milliseconds) => {
    expect(parseGoDuration(text)).toBe(milliseconds)
  })

  it.each(['', '5', 's', '1 s', '1d', 'abc', '1s2'])('when it is %j, then it is refused', (text) => {
    expect(parseGoDuration(text)).toBeUndefined()
  })

  it('when it is printed, then it has the shape of Go and reads back the same', () => {
    expect(formatGoDuration(60_000)).toBe('1m0s')
    expect(formatGoDuration(14_400_000)).toBe('4h0m0s')
    expect(formatGoDuration(0)).toBe('0s')
    expect(formatGoDuration(100)).toBe('100ms')
    fc.assert(fc.property(fc.integer({ min: -1e9, max: 1e9 }), (ms) => parseGoDuration(formatGoDuration(ms)) === ms))
  })
})
