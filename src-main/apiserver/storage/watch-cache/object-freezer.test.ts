import { describe, expect, it } from 'vitest'
import { ObjectFreezer } from './object-freezer.ts'

describe('the freezer of shared objects', () => {
  it('given an object, when it is frozen, then it is equal and nothing in it can be changed', () => {
    const object = {
      metadata: { name: 'web', labels: { app: 'web' } },
      list: [{ text: 'longer than ten characters' }, null, 1],
    }
    const copy = structuredClone(object)
    const frozen = new ObjectFreezer().freeze(object)
    expect(frozen).toEqual(copy)
    expect(() => Object.assign(frozen.metadata.labels, { app: 'db' })).toThrow(TypeError)
    expect(() => frozen.list.push(2)).toThrow(TypeError)
    expect(() => Object.assign(frozen.list[0] ?? {}, { text: '' })).toThrow(TypeError)
  })

  it('given more different texts than the pool holds, when they are frozen, then all are as they were', () => {
    const freezer = new ObjectFreezer()
    const texts = Array.from({ length: 12_000 }, (_, index) => `a text of its own ${index}`)
    expect(freezer.freeze({ texts: [...texts] }).texts).toEqual(texts)
  })
})
