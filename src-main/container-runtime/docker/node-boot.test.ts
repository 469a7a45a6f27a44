import { describe, expect, it } from 'vitest'
import { computeStale } from './node-boot.ts'
import type { ListedContainer } from './node-engine.ts'

const item = (Id: string, role: 'sandbox' | 'container', boot: string): ListedContainer =>
  ({ summary: { Id }, identity: { role, boot } }) as ListedContainer
const listed = [
  item('old-sandbox', 'sandbox', 'b1'),
  item('old-container', 'container', 'b1'),
  item('sandbox', 'sandbox', 'b2'),
  item('container', 'container', 'b2'),
]
const idsOf = (items: ListedContainer[]): string[] => items.map(({ summary }) => summary.Id)

describe('computeStale', () => {
  it('given a running node, then what another boot left goes, containers first', () => {
    expect(idsOf(computeStale(listed, { state: 'up', nodeContainerId: 'n', boot: 'b2' }))).toEqual([
      'old-container',
      'old-sandbox',
    ])
  })

  it('given a node that is down, then everything goes', () => {
    expect(idsOf(computeStale(listed, { state: 'down' }))).toEqual([
      'old-container',
      'container',
      'old-sandbox',
      'sandbox',
    ])
  })

  it('given that nobody has looked yet, then nothing is touched', () => {
    expect(computeStale(listed, { state: 'unknown' })).toEqual([])
  })
})
