import { describe, expect, it } from 'vitest'
import { readsAtOnce } from './node-reading.ts'

describe('readsAtOnce', () => {
  it.each([
    ['running', 'running', true],
    ['running', 'stopped', false],
    ['running', 'unreachable', false],
    ['stopped', 'stopped', false],
    ['starting', 'stopped', false],
  ] as const)('given a node that is %s and a kubelet that is %s, says %s', (state, kubelet, expected) => {
    expect(readsAtOnce({ state, kubelet })).toBe(expected)
  })
})
