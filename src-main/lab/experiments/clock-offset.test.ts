import { expect, it } from 'vitest'
import { computeClockOffset } from './clock-offset.ts'

const at = (ms: number): string => new Date(ms).toISOString()

it.each([
  ['of the same clock', [at(1_003), at(1_008)], 0],
  ['a minute ahead', [at(61_003), at(61_007)], 60_000],
  ['an hour behind', [at(1_004 - 3_600_000)], -3_600_001],
  ['none at all', [], 0],
  ['no times', ['soon'], 0],
])('given nodes that tell times %s, when they were asked for 10 ms, then the offset follows', (_what, told, offset) => {
  expect(computeClockOffset({ askedMs: 1_000, answeredMs: 1_010, told })).toBe(offset)
})
