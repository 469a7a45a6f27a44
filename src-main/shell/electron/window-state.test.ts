import { describe, expect, it } from 'vitest'
import { computeWindowState, DEFAULT_WINDOW_STATE } from './window-state.ts'

const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }]
const saved = { x: 100, y: 50, width: 1000, height: 700, maximized: true }

describe('computeWindowState', () => {
  it('given a place on a screen, when read, then the window opens there', () => {
    expect(computeWindowState(JSON.stringify(saved), screens)).toEqual({
      width: 1000,
      height: 700,
      maximized: true,
      bounds: { x: 100, y: 50, width: 1000, height: 700 },
    })
  })

  it('given a place on a screen that has gone, when read, then only the size is kept', () => {
    const state = computeWindowState(JSON.stringify({ ...saved, x: 3000 }), screens)
    expect(state).toEqual({ width: 1000, height: 700, maximized: true })
  })

  it.each([
    ['partly right of the screen', { x: 1500 }, { x: 920, y: 50, width: 1000, height: 700 }],
    ['with its title bar above it', { y: -300 }, { x: 100, y: 0, width: 1000, height: 700 }],
    ['larger than it', { width: 4000, height: 3000 }, { x: 0, y: 0, width: 1920, height: 1080 }],
  ])('given a window that was %s, when read, then all of it is on the screen', (_where, change, bounds) => {
    expect(computeWindowState(JSON.stringify({ ...saved, ...change }), screens).bounds).toEqual(bounds)
  })

  it('given two screens, when a window lies on both, then it opens on the one that has more of it', () => {
    const two = [...screens, { x: 1920, y: 0, width: 1280, height: 720 }]
    expect(computeWindowState(JSON.stringify({ ...saved, x: 1800, y: 30 }), two).bounds?.x).toBe(1920)
  })

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"x":1}',
    JSON.stringify({ ...saved, width: 10 }),
    JSON.stringify({ ...saved, y: 'a' }),
  ])('given the damaged file %j, when read, then the default is used', (content) => {
    expect(computeWindowState(content, screens)).toEqual(DEFAULT_WINDOW_STATE)
  })
})
