import { describe, expect, it } from 'vitest'
import { computeStale } from './node-boot.ts'
import type { EngineContainerSummary } from './engine-types.ts'
import type { ListedContainer } from './node-engine.ts'

const item = (
  Id: string,
  role: 'sandbox' | 'container',
  boot: string,
  State: EngineContainerSummary['State'],
): ListedContainer => ({ summary: { Id, State }, identity: { role, boot } }) as ListedContainer
const listed = [
  item('old-sandbox', 'sandbox', 'b1', 'running'),
  item('old-container', 'container', 'b1', 'running'),
  item('old-paused', 'container', 'b1', 'paused'),
  item('old-dead', 'container', 'b1', 'exited'),
  item('old-half-made', 'sandbox', 'b1', 'created'),
  item('sandbox', 'sandbox', 'b2', 'running'),
  item('half-made', 'container', 'b2', 'created'),
]
const decide = (boot: Parameters<typeof computeStale>[1]): string[] =>
  computeStale(listed, boot).map(({ end, id }) => `${end} ${id}`)

describe('computeStale', () => {
  it('given a running node, then what another boot left running is killed, containers first, and its dead stay', () => {
    expect(decide({ state: 'up', nodeContainerId: 'n', boot: 'b2' })).toEqual([
      'kill old-container',
      'kill old-paused',
      'kill old-sandbox',
      'remove old-half-made',
    ])
  })

  it('given a node that is down, then nothing runs on', () => {
    expect(decide({ state: 'down' })).toEqual([
      'kill old-container',
      'kill old-paused',
      'remove half-made',
      'kill old-sandbox',
      'remove old-half-made',
      'kill sandbox',
    ])
  })

  it('given that nobody has looked yet, then nothing is touched', () => {
    expect(decide({ state: 'unknown' })).toEqual([])
  })
})
