import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cloneData } from './clone.ts'

it('given any JSON, when it is cloned, then the copy is equal and shares nothing that can be changed', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const before = JSON.stringify(value)
      const copy = cloneData(value)
      expect(JSON.stringify(copy)).toBe(before)
      spoil(copy)
      expect(JSON.stringify(value)).toBe(before)
    }),
  )
})

it('given a member named __proto__, when the object is cloned, then it stays a member', () => {
  const copy = cloneData(JSON.parse('{"labels":{"__proto__":{"polluted":true}}}') as { labels: object })
  expect(JSON.stringify(copy)).toBe('{"labels":{"__proto__":{"polluted":true}}}')
  expect(Object.getPrototypeOf(copy.labels)).toBe(Object.prototype)
})

it('given members that are undefined, when the object is cloned, then they are left out', () => {
  expect(Object.keys(cloneData({ name: 'web', namespace: undefined }))).toEqual(['name'])
})

/** Changes everything that can be changed. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const member of Object.values(value)) spoil(member)
  if (Array.isArray(value)) value.push('spoilt')
  else Object.assign(value, { spoilt: true })
}
