import { describe, expect, it } from 'vitest'
import { keycaps, readKey, SHORTCUTS, type KeyPress } from './shortcuts.ts'

function press(key: string, more: Partial<KeyPress> = {}): KeyPress {
  return { key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more }
}
const onPage = { isInField: false, isMac: false }

describe('readKey', () => {
  it.each<[string, KeyPress, string]>([
    ['Ctrl+K', press('k', { ctrlKey: true }), 'palette'],
    ['F1', press('F1'), 'palette'],
    ['?', press('?', { shiftKey: true }), 'shortcuts'],
    ['Ctrl++ with Shift', press('+', { ctrlKey: true, shiftKey: true }), 'zoom-in'],
    ['Ctrl+K while a Korean input method is on', press('ㅏ', { code: 'KeyK', ctrlKey: true }), 'palette'],
  ])('given %s, then it is %s', (_name, key, id) => {
    expect(readKey(key, onPage)).toEqual({ state: 'done', id })
  })

  it('given a Mac, then Cmd is the modifier and Ctrl is not', () => {
    const onMac = { isInField: false, isMac: true }
    expect(readKey(press('k', { metaKey: true }), onMac)).toEqual({ state: 'done', id: 'palette' })
    expect(readKey(press('k', { ctrlKey: true }), onMac)).toEqual({ state: 'none' })
  })

  it('given g and then t, then it begins and is done', () => {
    expect(readKey(press('g'), onPage)).toEqual({ state: 'begun', pressed: 'g' })
    expect(readKey(press('t'), { ...onPage, begun: 'g' })).toEqual({ state: 'done', id: 'go-timeline' })
  })

  it('given a field in which somebody types, then letters stay letters and the palette still opens', () => {
    const inField = { isInField: true, isMac: false }
    expect(readKey(press('g'), inField)).toEqual({ state: 'none' })
    expect(readKey(press('?'), inField)).toEqual({ state: 'none' })
    expect(readKey(press('k', { ctrlKey: true }), inField)).toEqual({ state: 'done', id: 'palette' })
  })
})

describe('the table of shortcuts', () => {
  it.each(['keys', 'macKeys'] as const)('given its %s, then none is there twice or begins another', (side) => {
    const all = SHORTCUTS.flatMap((shortcut) => [...(side in shortcut ? shortcut[side as 'keys'] : shortcut.keys)])
    expect(new Set(all).size).toBe(all.length)
    const clashes = all.filter((keys) => all.some((other) => other.startsWith(`${keys} `)))
    expect(clashes).toEqual([])
  })

  it('given one that works in fields, then it holds a modifier or is no letter', () => {
    const typed = SHORTCUTS.filter(({ inFields, keys }) => inFields && keys.some((one) => one.length === 1))
    expect(typed).toEqual([])
  })
})

describe('keycaps', () => {
  it.each([
    ['mod+k', false, ['Ctrl', 'K']],
    ['mod+k', true, ['⌘', 'K']],
    ['mod++', false, ['Ctrl', '+']],
    ['g b', false, ['G', 'B']],
  ] as const)('given %s (Mac: %s), then the caps are %j', (keys, isMac, caps) => {
    expect(keycaps(keys, isMac)).toEqual(caps)
  })
})
