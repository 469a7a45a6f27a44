import { describe, expect, it } from 'vitest'
import { FakeClock, settle } from './testing/fake-clock.ts'
import { WorkQueue } from './work-queue.ts'

/** A queue whose work is told, and ends when the test says so or at once. */
function newQueue({ workers = 2, fails = () => false }: { workers?: number; fails?: (key: string) => boolean } = {}) {
  const clock = new FakeClock()
  const begun: string[] = []
  const beganMs: number[] = []
  const held: (() => void)[] = []
  const state = { holds: false }
  const failures: string[] = []
  const queue = new WorkQueue({
    clock,
    workers,
    async sync(key) {
      begun.push(key)
      beganMs.push(clock.now())
      if (state.holds) await new Promise<void>((resolve) => held.push(resolve))
      if (fails(key)) throw new Error('not now')
    },
    onFailure: (key) => failures.push(key),
    maxRetryMs: 100,
  })
  return { clock, queue, begun, beganMs, held, state, failures }
}

describe('work queue', () => {
  it('given a key that is added while it is worked on, when that ends, it is worked on once more and never twice at a time', async () => {
    const { queue, begun, held, state } = newQueue()
    state.holds = true
    queue.add('node01')
    for (let times = 0; times < 3; times++) queue.add('node01')
    await settle()
    expect(begun).toEqual(['node01'])
    held.shift()?.()
    await settle()
    expect(begun).toEqual(['node01', 'node01'])
    held.shift()?.()
    await settle()
    expect(begun).toHaveLength(2)
  })

  it('given two workers, when three keys are added, the third waits for one of them', async () => {
    const { queue, begun, held, state } = newQueue()
    state.holds = true
    for (const key of ['a', 'b', 'c']) queue.add(key)
    await settle()
    expect(begun).toEqual(['a', 'b'])
    held.shift()?.()
    await settle()
    expect(begun).toEqual(['a', 'b', 'c'])
  })

  it('given work that fails, when time passes, it is tried again, later each time and never later than the limit', async () => {
    const { clock, queue, beganMs, failures } = newQueue({ fails: () => true })
    queue.add('node01')
    await clock.advance(500)
    const waits = beganMs.slice(1).map((ms, index) => ms - (beganMs[index] ?? 0))
    expect(waits.slice(0, 7)).toEqual([5, 10, 20, 40, 80, 100, 100])
    expect(failures).toHaveLength(beganMs.length)
    queue.dispose()
  })

  it('given work that succeeded after failures, when it fails again, the waiting begins anew', async () => {
    let left = 3
    const { clock, queue, beganMs } = newQueue({ fails: () => left-- > 0 })
    queue.add('node01')
    await clock.advance(1000)
    expect(beganMs).toHaveLength(4)
    left = 1
    const before = clock.now()
    queue.add('node01')
    await clock.advance(1000)
    expect(beganMs.slice(4).map((ms) => ms - before)).toEqual([0, 5])
  })

  it('given a key that is asked for later several times, when the moments come, it is worked on at the earliest only', async () => {
    const { clock, queue, beganMs } = newQueue()
    const start = clock.now()
    for (const delayMs of [3000, 1000, 2000]) queue.addAfter('default', delayMs)
    expect(clock.pendingTimers).toBe(1)
    await clock.advance(10_000)
    expect(beganMs.map((ms) => ms - start)).toEqual([1000])
  })

  it('given keys that wait, when it is disposed of, nothing more is worked on and no timer is left', async () => {
    const { clock, queue, begun, state, held } = newQueue({ workers: 1 })
    state.holds = true
    for (const key of ['a', 'b']) queue.add(key)
    queue.addAfter('c', 1000)
    queue.dispose()
    held.shift()?.()
    queue.add('d')
    queue.addAfter('e', 10)
    await clock.advance(2000)
    expect(begun).toEqual(['a'])
    expect(clock.pendingTimers).toBe(0)
  })
})
