import { describe, expect, it } from 'vitest'
import { computeBehaviour } from './compute-behaviour.ts'

const MOMENT_MS = 20

describe('given the command of a simulated container', () => {
  it.each([
    ['exit 1', 0, 1],
    ['echo started; sleep 2; exit 3', 2000, 3],
    ['sleep 0.5 && false', 500, 1],
    ['echo one\necho two', 0, 0],
    ['sleep 1m; exit 256', 60_000, 0],
    ['false; exit', 0, 1],
  ])('when its shell does %j, then it ends as that would', (script, ms, exitCode) => {
    const ending = { exitAfterMs: ms + MOMENT_MS, exitCode }
    expect(computeBehaviour(['sh', '-c', script])).toEqual(ending)
    expect(computeBehaviour(['/bin/bash', '-ec', script])).toEqual(ending)
  })

  it.each([
    [[]],
    [['nginx', '-g', 'daemon off;']],
    [['sh', '-c', 'while true; do echo tick; sleep 1; done']],
    [['sh', '-c', 'sleep $TIME; exit 1']],
    [['sh', '-c', 'exec sleep infinity']],
    [['sh', '-c', 'serve & exit 1']],
    [['sh']],
  ])('when nobody can know what %j does, then it runs until it is stopped', (words) => {
    expect(computeBehaviour(words)).toEqual({})
  })

  it('when it is a program that ends by itself, then it ends', () => {
    expect(computeBehaviour(['/bin/sleep', '3'])).toEqual({ exitAfterMs: 3000 + MOMENT_MS, exitCode: 0 })
    expect(computeBehaviour(['false'])).toEqual({ exitAfterMs: MOMENT_MS, exitCode: 1 })
  })
})
