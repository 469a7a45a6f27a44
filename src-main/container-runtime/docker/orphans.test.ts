import { describe, expect, it } from 'vitest'
import type { ListedContainer } from './node-engine.ts'
import { computeOrphans } from './orphans.ts'

const item = (Id: string, role: 'sandbox' | 'container', sandboxId = ''): ListedContainer =>
  ({ summary: { Id }, identity: { role, sandboxId } }) as ListedContainer

describe('computeOrphans', () => {
  it('given a container whose sandbox is gone, then it is one, and those with a sandbox are not', () => {
    const listed = [item('lost', 'container', 'gone'), item('kept', 'container', 'here'), item('here', 'sandbox')]
    expect(computeOrphans(listed).map(({ summary }) => summary.Id)).toEqual(['lost'])
  })

  it('given containers that name one another as their sandbox, then they have none', () => {
    const listed = [item('a', 'container', 'b'), item('b', 'container', 'a')]
    expect(computeOrphans(listed)).toHaveLength(2)
  })
})
