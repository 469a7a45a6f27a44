import { describe, expect, it } from 'vitest'
import { isEqualData, keepUnchanged } from './keep-unchanged.ts'

const nameOf = ({ name }: { name: string }): string => name

describe('keepUnchanged', () => {
  const known = [
    { name: 'one', ports: [{ port: 80 }] },
    { name: 'two', ports: [] },
  ]

  it('given a copy of everything, keeps the very same list', () => {
    expect(keepUnchanged(known, structuredClone(known), nameOf)).toBe(known)
  })

  it('given one that changed, keeps the object of the other alone', () => {
    const next = [structuredClone(known[0]), { name: 'two', ports: [{ port: 443 }] }].filter(
      (item) => item !== undefined,
    )
    const kept = keepUnchanged(known, next, nameOf)
    expect(kept[0]).toBe(known[0])
    expect(kept[1]).toEqual({ name: 'two', ports: [{ port: 443 }] })
  })

  it('given one that went and one that came, has the new ones in their order', () => {
    const next = [{ name: 'three', ports: [] }, structuredClone(known[0])].filter((item) => item !== undefined)
    expect(keepUnchanged(known, next, nameOf)).toEqual(next)
  })
})

describe('isEqualData', () => {
  it.each([
    [{ a: 1 }, { a: 1, b: undefined }],
    [{ a: undefined }, { b: undefined }],
    [[1], { 0: 1 }],
    [[1, 2], [1]],
    [null, {}],
    ['1', 1],
  ])('given %j and %j, tells them apart', (one, other) => {
    expect(isEqualData(one, other)).toBe(false)
    expect(isEqualData(other, one)).toBe(false)
  })
})
