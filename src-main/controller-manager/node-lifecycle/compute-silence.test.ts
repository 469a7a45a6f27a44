import { describe, expect, it } from 'vitest'
import type { Node } from '../../common/api/node.ts'
import { computeSilentConditions } from './compute-silence.ts'

const NOW = '2026-01-01T00:01:00Z'

function nodeWith(...types: string[]): Node {
  const conditions = types.map((type) => ({
    type,
    status: 'False' as const,
    lastHeartbeatTime: '2026-01-01T00:00:00Z',
  }))
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node01' }, spec: {}, status: { conditions } } as Node
}

describe('the conditions of a silent node', () => {
  it('given those that a kubelet writes, then they come in its order, so that a patch does not move them', () => {
    const written = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready']
    expect(computeSilentConditions(nodeWith(...written), NOW).map(({ type }) => type)).toEqual(written)
  })

  it('given one that is missing, then it comes last', () => {
    const said = computeSilentConditions(nodeWith('MemoryPressure', 'DiskPressure', 'Ready'), NOW)
    expect(said.map(({ type, reason }) => `${type} ${reason}`)).toEqual([
      'MemoryPressure NodeStatusUnknown',
      'DiskPressure NodeStatusUnknown',
      'Ready NodeStatusUnknown',
      'PIDPressure NodeStatusNeverUpdated',
    ])
  })
})
