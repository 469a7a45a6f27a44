import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { usePlacementStore } from './placement-store.ts'

const blank = { node: 'node01', name: '', content: '' }
const sample = { name: 'web.yaml', content: 'kind: Pod', sampleId: 'web' }
const written = (content: string) => ({ name: 'mine.yaml', isNameTyped: true, content })

let store: ReturnType<typeof usePlacementStore>

beforeEach(() => {
  setActivePinia(createPinia())
  store = usePlacementStore()
})

describe('a draft that was closed', () => {
  it('given words, then they are there the next time, until they were put somewhere', () => {
    store.keep(blank, written('kind: Pod'))
    expect(store.keptFor({ ...blank, node: 'node02' })).toEqual(written('kind: Pod'))
    store.forget(blank)
    expect(store.keptFor(blank)).toBeUndefined()
  })

  it('given that it was emptied, then there is nothing to come back to', () => {
    store.keep(blank, written('kind: Pod'))
    store.keep(blank, written(' \n'))
    expect(store.keptFor(blank)).toBeUndefined()
  })

  it('given a sample, then only what was changed in it is kept, and apart from everything else', () => {
    store.keep(blank, written('mine'))
    store.keep(sample, written('kind: Pod'))
    expect(store.keptFor(sample)).toBeUndefined()
    store.keep(sample, written('kind: Pod # changed'))
    expect([store.keptFor(sample)?.content, store.keptFor(blank)?.content]).toEqual(['kind: Pod # changed', 'mine'])
  })

  it('given text that was pasted, then it is what is shown, and only an edit of it takes the place of what was kept', () => {
    const pasted = { name: '', content: 'pasted' }
    store.keep(blank, written('mine'))
    expect(store.keptFor(pasted)).toBeUndefined()
    store.keep(pasted, written('pasted'))
    expect(store.keptFor(blank)?.content).toBe('mine')
    store.keep(pasted, written('pasted and edited'))
    expect(store.keptFor(blank)?.content).toBe('pasted and edited')
  })
})
