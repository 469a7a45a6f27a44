import { beforeEach, describe, expect, it } from 'vitest'
import type { ManifestChange } from '../model/manifest-change.ts'
import { freshPinia } from '../testing/mount-app.ts'
import { useUndoStore } from './undo-store.ts'

const changeIn = (lab: string): ManifestChange[] => [{ lab, node: 'node01', name: 'web.yaml', after: 'x' }]

let steps: ReturnType<typeof useUndoStore>

beforeEach(() => {
  steps = useUndoStore(freshPinia())
  steps.record('first of one', changeIn('one'))
  steps.record('second of one', changeIn('one'))
  steps.record('first of two', changeIn('two'))
})

describe('given steps in two labs', () => {
  it('when one lab’s last is taken, then it is its own, and each only once', () => {
    const titles = [1, 2, 3].map(() => steps.takeLast('one')?.title)
    expect(titles).toEqual(['second of one', 'first of one', undefined])
  })

  it('when a step is put back, then it is the newest of those that are older than the next', () => {
    const step = steps.takeLast('one')
    steps.record('third of one', changeIn('one'))
    if (step !== undefined) steps.putBack(step)
    expect([steps.takeLast('one')?.title, steps.takeLast('one')?.title]).toEqual(['third of one', 'second of one'])
  })

  it('when a lab is deleted, then its steps are forgotten and the others stay', () => {
    steps.removeLab('one')
    expect(steps.steps.map(({ title }) => title)).toEqual(['first of two'])
  })
})
