import { describe, expect, it } from 'vitest'
import { computeWirePath, type WireEnds } from './wire-path.ts'

const strip = { left: 0, top: 0, right: 1000, bottom: 200 }
const ends: WireEnds = {
  strip,
  glass: { left: 10, top: 40, right: 990, bottom: 190 },
  card: { left: 20, top: 50, right: 220, bottom: 100 },
  column: { left: 0, top: 220, right: 480, bottom: 800 },
  pod: { left: 260, top: 300, right: 470, bottom: 360 },
}

describe('computeWirePath', () => {
  it('given a card and a pod, then the line leaves the card, goes below the strip and beside the column, and ends at the pod', () => {
    const path = computeWirePath(ends) ?? ''
    expect(path.startsWith('M220 65')).toBe(true)
    expect(path.endsWith('L470 315')).toBe(true)
    expect(path).toContain('206')
    expect(path).toContain('488')
  })

  it('given a card that is scrolled out of the strip, then there is no line', () => {
    expect(computeWirePath({ ...ends, card: { ...ends.card, top: 300, bottom: 350 } })).toBeUndefined()
    expect(computeWirePath({ ...ends, card: { ...ends.card, top: -50, bottom: 0 } })).toBeUndefined()
  })
})
