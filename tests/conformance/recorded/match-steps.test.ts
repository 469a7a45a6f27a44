import { describe, expect, it } from 'vitest'
import { brief, passing } from './recorded-case.ts'
import type { Step } from './recorded-case.ts'
import { alignSteps, withoutMoments } from './match-steps.ts'

const EXPECTED: readonly Step[] = ['a', brief('b'), ['c', 'd'], passing('e'), 'f']

function agrees(observed: string[], isReal = false): boolean {
  return JSON.stringify(alignSteps(EXPECTED, observed, isReal)) === JSON.stringify(observed)
}

describe('given a recorded sequence', () => {
  it.each([
    ['the same', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['no short line', ['a', 'c', 'd', 'e', 'f']],
    ['the other order where any will do', ['a', 'b', 'd', 'c', 'e', 'f']],
  ])('when %s is observed, then it is as recorded', (_what, observed) => {
    expect(agrees(observed)).toBe(true)
  })

  it.each([
    ['nothing', []],
    ['a line less', ['a', 'b', 'c', 'e', 'f']],
    ['a line more', ['a', 'b', 'c', 'd', 'e', 'f', 'g']],
    ['a line twice', ['a', 'a', 'b', 'c', 'd', 'e', 'f']],
    ['another line', ['a', 'b', 'c', 'x', 'e', 'f']],
    ['another order', ['b', 'a', 'c', 'd', 'e', 'f']],
    ['no line that a fake clock has to show', ['a', 'b', 'c', 'd', 'f']],
  ])('when %s is observed, then it is not', (_what, observed) => {
    expect(agrees(observed)).toBe(false)
  })

  it('when a real node passes over a passing line, then it is as recorded', () => {
    expect(agrees(['a', 'c', 'd', 'f'], true)).toBe(true)
  })

  it('when a real node shows a container that is made again, then only a case that expects it hears of it', () => {
    const moment = 'Running, unready [c]; c waiting ContainerCreating, last exited 1 Error, restarts 1'
    expect(withoutMoments(EXPECTED, ['a', moment, 'f'])).toEqual(['a', 'f'])
    expect(withoutMoments(['a', moment], ['a', moment])).toEqual(['a', moment])
  })
})
