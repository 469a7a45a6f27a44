import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { aPodInfo } from '../testing/cluster-builders.ts'
import { SchedulingQueue, type QueuedPod } from './scheduling-queue.ts'

/** `taken` has what one that is ready takes; without `takes`, nobody is. */
function newQueue({ takes = false } = {}) {
  const clock = new FakeClock()
  const told: number[] = []
  const taken: string[] = []
  const queue = new SchedulingQueue(clock, () => {
    told.push(clock.now())
    if (!takes) return
    for (let first = queue.take(); first !== undefined; first = queue.take()) taken.push(first.info.uid)
  })
  return { clock, queue, told, taken }
}

function takeOne(queue: SchedulingQueue): QueuedPod {
  const first = queue.take()
  if (first === undefined) throw new Error('no pod is due')
  return first
}

const REJECTED = new Set(['NodeResourcesFit'] as const)

describe('scheduling queue', () => {
  it('given pods of several priorities, when they are taken, the most important comes first, then who waits longest', async () => {
    const { clock, queue } = newQueue()
    queue.add(aPodInfo('old'))
    await clock.advance(1)
    queue.add(aPodInfo('young'))
    queue.add(aPodInfo('as young'))
    queue.add(aPodInfo('urgent', { priority: 10 }))
    const names = [1, 2, 3, 4, 5].map(() => queue.take()?.info.uid)
    expect(names).toEqual(['urgent', 'old', 'young', 'as young', undefined])
  })

  it('given a pod that nobody can take yet, when time passes, that is told once, not over and over', async () => {
    const { clock, queue, told } = newQueue()
    queue.add(aPodInfo('web'))
    await clock.advance(60_000)
    expect(told).toHaveLength(1)
    expect(queue.take()?.info.uid).toBe('web')
  })

  it('given a pod that did not fit, when something changes, it waits for its back-off, which grows to ten seconds', async () => {
    const { clock, queue } = newQueue()
    queue.add(aPodInfo('web'))
    let taken = queue.take()
    const waits: number[] = []
    while (taken !== undefined && waits.length < 6) {
      queue.putBack(taken, 'unschedulable', REJECTED)
      queue.move(() => true)
      const before = clock.now()
      for (taken = queue.take(); taken === undefined; taken = queue.take()) await clock.advance(500)
      waits.push(clock.now() - before)
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000])
  })

  it('given a pod that did not fit, when what changes cannot help it, it stays; after five minutes it is tried anyway', async () => {
    const { clock, queue, taken } = newQueue({ takes: true })
    queue.add(aPodInfo('web'))
    queue.putBack(takeOne(queue), 'unschedulable', REJECTED)
    queue.move(({ rejectedBy }) => rejectedBy.has('NodePorts'))
    await clock.advance(5 * 60_000 - 1)
    expect(taken).toEqual([])
    expect(queue.sizes()).toEqual({ active: 0, backoff: 0, unschedulable: 1, gated: 0 })
    await clock.advance(1)
    expect(taken).toEqual(['web'])
  })

  it('given a pod whose back-off is over, when something changes, it is due at once', async () => {
    const { clock, queue } = newQueue()
    queue.add(aPodInfo('web'))
    queue.putBack(takeOne(queue), 'unschedulable', REJECTED)
    await clock.advance(1000)
    queue.move(() => true)
    expect(queue.take()?.attempts).toBe(2)
  })

  it('given a pod whose binding failed, when its back-off is over, it is tried again though nothing changed', async () => {
    const { clock, queue, taken } = newQueue({ takes: true })
    queue.add(aPodInfo('web'))
    queue.putBack(takeOne(queue), 'error')
    await clock.advance(999)
    expect(taken).toEqual([])
    await clock.advance(1)
    expect(taken).toEqual(['web'])
  })

  it('given errors after it did not fit, when its binding fails, its back-off begins anew', async () => {
    const { clock, queue, taken } = newQueue({ takes: true })
    queue.add(aPodInfo('web'))
    const first = takeOne(queue)
    queue.putBack({ ...first, failures: 4, lastFailure: 'unschedulable' }, 'error')
    await clock.advance(1000)
    expect(taken).toEqual(['web'])
  })

  it('given a pod that did not fit, when it is changed, it is tried as it is now, after its back-off', async () => {
    const { clock, queue } = newQueue()
    queue.add(aPodInfo('web'))
    queue.putBack(takeOne(queue), 'unschedulable', REJECTED)
    queue.add(aPodInfo('web', { priority: 7 }))
    expect(queue.take()).toBeUndefined()
    await clock.advance(1000)
    expect(queue.take()?.info.priority).toBe(7)
  })

  it('given a pod that was added again while it was away, when it is put back, it keeps its place', () => {
    const { queue } = newQueue()
    queue.add(aPodInfo('web'))
    const first = takeOne(queue)
    queue.add(aPodInfo('web', { priority: 7 }))
    queue.putBack(first, 'unschedulable', REJECTED)
    expect(queue.take()?.info.priority).toBe(7)
  })

  it('given a pod behind a gate, when the gate is lifted, it is due', () => {
    const { queue } = newQueue()
    queue.add(aPodInfo('web', { schedulingGates: [{ name: 'wait' }] }))
    expect([queue.take(), queue.sizes().gated]).toEqual([undefined, 1])
    queue.add(aPodInfo('web'))
    expect([queue.take()?.info.uid, queue.sizes().gated]).toEqual(['web', 0])
  })

  it('given many pods in any order, when some are removed, the rest come by priority', () => {
    const { queue } = newQueue()
    const priorities = Array.from({ length: 200 }, (_, index) => (index * 7919) % 211)
    for (const priority of priorities) queue.add(aPodInfo(`p${priority}`, { priority }))
    const removed = priorities.filter((priority) => priority % 3 === 0)
    for (const priority of removed) queue.remove(`p${priority}`)
    const left: number[] = []
    for (let next = queue.take(); next !== undefined; next = queue.take()) left.push(next.info.priority)
    expect(left).toEqual(priorities.filter((priority) => priority % 3 !== 0).toSorted((one, other) => other - one))
  })

  it('given pods that wait in every part, when the queue is disposed of, no timer is left', () => {
    const { clock, queue } = newQueue()
    for (const name of ['one', 'two', 'three']) queue.add(aPodInfo(name))
    queue.putBack(takeOne(queue), 'unschedulable', REJECTED)
    queue.putBack(takeOne(queue), 'error')
    queue.dispose()
    expect(clock.pendingTimers).toBe(0)
  })
})
