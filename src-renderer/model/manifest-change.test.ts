import { describe, expect, it } from 'vitest'
import { invertChanges, type ManifestChange } from './manifest-change.ts'

const file = { lab: 'l', name: 'web.yaml' }

describe('invertChanges', () => {
  it('given a move, then the file is written where it was before its copy is removed', () => {
    const moved: ManifestChange[] = [
      { ...file, node: 'node02', after: 'x' },
      { ...file, node: 'node01', before: 'x' },
    ]
    expect(invertChanges(moved)).toEqual([
      { ...file, node: 'node01', after: 'x' },
      { ...file, node: 'node02', before: 'x' },
    ])
  })

  it('given any changes, then twice inverted they are what they were', () => {
    const changes: ManifestChange[] = [{ ...file, node: 'node01', before: 'old', after: 'new' }]
    expect(invertChanges(invertChanges(changes))).toEqual(changes)
  })
})
