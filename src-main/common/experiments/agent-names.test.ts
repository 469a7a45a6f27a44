import { describe, expect, it } from 'vitest'
import { sideOfPod } from './agent-names.ts'

describe('the side that a pod is of', () => {
  it.each([
    ['agent-static-node01', 'static'],
    ['agent-x7k2p', 'daemonSet'],
    ['agent-6d5f7c9b8-q2w4z', 'deployment'],
    ['agents-x7k2p', undefined],
    ['agent-of-another-kind', undefined],
  ])('given a pod that is gone, when it was called %s, then its side is %s', (name, side) => {
    expect(sideOfPod(name)).toBe(side)
  })
})
