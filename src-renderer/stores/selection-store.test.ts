import { beforeEach, describe, expect, it } from 'vitest'
import type { LabStatus } from '@common/lab/lab-status.ts'
import { freshPinia } from '../testing/mount-app.ts'
import { useLabsStore } from './labs-store.ts'
import { useSelectionStore } from './selection-store.ts'

const lab = (name: string): LabStatus => ({ name, state: 'running', folder: '/l', subnet: '172.30.0.0/24', nodes: [] })

beforeEach(() => void freshPinia())

describe('what the inspector is about', () => {
  it('given a pod that is picked, when another lab is looked at, then nothing is picked there', () => {
    const labs = useLabsStore()
    const selection = useSelectionStore()
    labs.setAll([lab('one'), lab('two')])
    labs.choose('one')
    selection.select({ node: 'node01', file: 'web.yaml' })
    expect(selection.selected).toEqual({ node: 'node01', file: 'web.yaml' })
    labs.choose('two')
    expect(selection.selected).toBeUndefined()
  })

  it('given a link that leads to another lab’s pod, then that is picked', () => {
    const labs = useLabsStore()
    const selection = useSelectionStore()
    labs.setAll([lab('one'), lab('two')])
    labs.choose('two')
    selection.select({ node: 'node02' })
    expect(selection.selected).toEqual({ node: 'node02' })
  })
})
