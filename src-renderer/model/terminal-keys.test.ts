import { describe, expect, it } from 'vitest'
import { appKeyOf } from './terminal-keys.ts'

const key = (change: Partial<Parameters<typeof appKeyOf>[0]>): Parameters<typeof appKeyOf>[0] => ({
  key: '',
  code: '',
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...change,
})
const CONTROL_SHIFT = { ctrlKey: true, shiftKey: true }

describe('keys of a terminal', () => {
  it.each([
    ['F6', key({ key: 'F6', code: 'F6' }), 'leave'],
    ['Ctrl+Shift+C', key({ key: 'C', code: 'KeyC', ...CONTROL_SHIFT }), 'copy'],
    ['the same with a Korean layout', key({ key: 'ㅊ', code: 'KeyC', ...CONTROL_SHIFT }), 'copy'],
    ['Ctrl+Shift+V', key({ key: 'V', code: 'KeyV', ...CONTROL_SHIFT }), 'paste'],
    ['Ctrl+Shift+F', key({ key: 'F', code: 'KeyF', ...CONTROL_SHIFT }), 'search'],
    ['Command+V', key({ key: 'v', code: 'KeyV', metaKey: true }), 'paste'],
    ['Ctrl+C', key({ key: 'c', code: 'KeyC', ctrlKey: true }), undefined],
    ['Tab', key({ key: 'Tab', code: 'Tab' }), undefined],
    ['Enter', key({ key: 'Enter', code: 'Enter' }), undefined],
  ])('given %s, then it is for %3$s', (_name, event, expected) => {
    expect(appKeyOf(event, false)).toBe(expected)
  })

  it('given a shell that has ended, when Enter is pressed, then another is asked for', () => {
    expect(appKeyOf(key({ key: 'Enter' }), true)).toBe('reopen')
  })
})
