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
