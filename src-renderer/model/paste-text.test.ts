import { describe, expect, it } from 'vitest'
import { cleanPaste, needsConfirmation, readPaste } from './paste-text.ts'

describe('pasted text', () => {
  it.each([
    ['ls -l', 1, false],
    ['', 0, false],
    ['ls\n', 1, true],
    ['one\r\ntwo', 2, true],
    ['one\ntwo\nthree\n', 3, true],
    ['tab\there', 1, false],
    ['ls\u001b[201~ rm', 1, true],
  ])('given %j, then it has %i lines, and asking first is %s', (text, lines, asks) => {
    expect([readPaste(text).lines, needsConfirmation(text)]).toEqual([lines, asks])
  })

  it('given an end of a bracketed paste in the text, then it ends nothing', () => {
    expect(cleanPaste('ls\u001b[201~\u0003 웹\tx\n')).toBe('ls[201~ 웹\tx\n')
  })
})
