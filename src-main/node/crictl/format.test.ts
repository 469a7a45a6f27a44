import { describe, expect, it } from 'vitest'
import { formatAge, formatSize } from './format.ts'

describe('given ages and sizes', () => {
  it.each([
    [500, 'Less than a second ago'],
    [1500, '1 second ago'],
    [59_000, '59 seconds ago'],
    [90_000, 'About a minute ago'],
    [600_000, '10 minutes ago'],
    [3_540_000, '59 minutes ago'],
    [3_600_000, 'About an hour ago'],
    [10_800_000, '3 hours ago'],
    [259_200_000, '3 days ago'],
  ])('when it is %d ms old, then it is %s', (age, text) => {
    expect(formatAge(0, age)).toBe(text)
  })

  it('when a size is shown, then in decimal units', () => {
    expect([999, 1000, 4_270_000, 187_700_000, 2_500_000_000].map((bytes) => formatSize(bytes))).toEqual([
      '999B',
      '1kB',
      '4.27MB',
      '188MB',
      '2.5GB',
    ])
  })
})
