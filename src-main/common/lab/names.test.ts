import { describe, expect, it } from 'vitest'
import { labNameFault, manifestNameFault, nodeNameFault, utf8Length } from './names.ts'

describe('lab and node names', () => {
  it.each(['a', 'default', 'node-01', '0', 'a'.repeat(40)])('given %s, then nothing is wrong', (name) => {
    expect([labNameFault(name), nodeNameFault(name)]).toEqual([undefined, undefined])
  })

  it.each(['', 'A', 'a.b', 'a_b', '-a', 'a-', 'a b', '../x', 'a\n', 'a'.repeat(41), 'ä'])(
    'given %j, then it is told what is wrong',
    (name) => {
      expect(labNameFault(name)).toMatch(/^A lab name /)
      expect(nodeNameFault(name)).toMatch(/^A node name /)
    },
  )
})

describe('manifest file names', () => {
  it.each(['web.yaml', '4913', 'web.yaml~', 'a b', '웹.yaml', 'x'.repeat(255)])(
    'given %s, then nothing is wrong',
    (name) => {
      expect(manifestNameFault(name)).toBeUndefined()
    },
  )

  it.each([
    '',
    '.',
    '..',
    '.hidden',
    'a/b',
    '/etc/passwd',
    '..\\x',
    'a\0b',
    'a\nb',
    'x'.repeat(256),
    '웹'.repeat(86),
    '\ud800',
  ])('given %j, then it is refused', (name) => {
    expect(manifestNameFault(name)).toBeTypeOf('string')
  })

  it('given text, then its length in UTF-8 is exact', () => {
    for (const text of ['', 'a', 'ä', '웹', '🚀', 'a🚀웹'])
      expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length)
  })
})
