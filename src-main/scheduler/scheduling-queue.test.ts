import { describe, expect, it } from 'vitest'
import { FakeClock } from '../base/testing/fake-clock.ts'
import { SchedulingQueue, type QueuedPod } from './scheduling-queue.ts'

function pod(name: string, parts: Partial<QueuedPod> = {}): QueuedPod {
  return { key: `default/${name}`, uid: `uid-${name}`, priority: 0, createdMs: 0, ...parts }
}

/** `take` as one that is ready to take does it; without it, one that is not. */
function newQueue({ takes = false } = {}) {
  const clock = new FakeClock()
  const told: number[] = []
  const taken: string[] = []
  const queue = new SchedulingQueue(clock, () => {
    told.push(clock.now())
    if (!takes) return
    for (let first = queue.take(); first !== undefined; first = queue.take()) taken.push(first.key)
  })
  return { clock, queue, told, taken }
}

describe('scheduling queue', () => {
  it('given pods of several priorities and ages, when they are taken, the most important comes first, then the oldest', () => {
    const { queue } = newQueue()
    queue.add(pod('young', { createdMs: 2 }))
    queue.add(pod('old', { createdMs: 1 }))
    queue.add(pod('urgent', { createdMs: 3, priority: 10 }))
    expect([queue.take()?.key, queue.take()?.key, queue.take()?.key, queue.take()]).toEqual([
      'default/urgent',
      'default/old',
      'default/young',
      undefined,
    ])
  })

  it('given a pod that nobody can take yet, when time passes, that is told once, not over and over', async () => {
    const { clock, queue, told } = newQueue()
    queue.add(pod('web'))
    await clock.advance(60_000)
    expect(told).toHaveLength(1)
    expect(queue.take()?.key).toBe('default/web')
  })

  it('given a pod that did not fit, when something changes, it waits for its back-off, which grows to ten seconds', async () => {
    const { clock, queue } = newQueue()
    queue.add(pod('web'))
    let taken = queue.take()
    const waits: number[] = []
    while (taken !== undefined && waits.length < 6) {
      queue.putBack(taken, 'does-not-fit')
      queue.moveAll()
      const before = clock.now()
      for (taken = queue.take(); taken === undefined; taken = queue.take()) await clock.advance(500)
      waits.push(clock.now() - before)
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000])
  })

  it('given a pod that did not fit, when nothing changes, it is tried again after five minutes', async () => {
    const { clock, queue, taken } = newQueue({ takes: true })
    queue.putBack({ ...pod('web'), attempts: 0 }, 'does-not-fit')
    await clock.advance(5 * 60_000 - 1)
    expect(taken).toEqual([])
    await clock.advance(1)
    expect(taken).toEqual(['default/web'])
  })

  it('given a pod whose binding failed, when its back-off is over, it is tried again though nothing changed', async () => {
    const { clock, queue, taken } = newQueue({ takes: true })
    queue.putBack({ ...pod('web'), attempts: 0 }, 'failed')
    await clock.advance(999)
    expect(taken).toEqual([])
    await clock.advance(1)
    expect(taken).toEqual(['default/web'])
  })

  it('given another pod of the same name meanwhile, when the first is put back, the other keeps its place', () => {
    const { queue } = newQueue()
    queue.add(pod('web'))
    const first = queue.take()
    if (first === undefined) throw new Error('it is due')
    queue.add(pod('web', { uid: 'another' }))
    queue.putBack(first, 'does-not-fit')
    expect(queue.take()?.uid).toBe('another')
  })

  it('given pods that wait, when the queue is disposed of, no timer is left', () => {
    const { clock, queue } = newQueue()
    queue.add(pod('web'))
    queue.dispose()
    expect(clock.pendingTimers).toBe(0)
  })
})
