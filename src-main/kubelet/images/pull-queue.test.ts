import { expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { PullQueue, type ImagePullLimits } from './pull-queue.ts'

const SERIAL: ImagePullLimits = { atOnce: 1, perSecond: 5, burst: 10 }

function newQueue(limits: Partial<ImagePullLimits>) {
  const clock = new FakeClock()
  const queue = new PullQueue({ ...SERIAL, ...limits }, clock)
  let running = 0
  let most = 0
  const pull = (): Promise<void> =>
    queue.run(async () => {
      most = Math.max(most, ++running)
      await new Promise<void>((resolve) => clock.setTimer(1000, resolve))
      running--
    })
  return { clock, queue, pull, most: () => most }
}

it.each([
  [1, 1],
  [3, 3],
  [null, 6],
])('given %j pulls at once, when six are asked for, then %i run together', async (atOnce, together) => {
  const { clock, pull, most } = newQueue({ atOnce })
  const pulls = Promise.all(Array.from({ length: 6 }, pull))
  await clock.advance(10_000)
  await pulls
  expect(most()).toBe(together)
})

it('given a pull that fails, when another waits for its turn, then it gets it', async () => {
  const { queue } = newQueue({ atOnce: 1 })
  const failed = queue.run(() => Promise.reject(new Error('no such image')))
  const next = queue.run(() => Promise.resolve('pulled'))
  await expect(failed).rejects.toThrow('no such image')
  await expect(next).resolves.toBe('pulled')
})

it('given two pulls a second and a burst of three, when the fourth comes at once, then it is refused until time has gone by', async () => {
  const { clock, queue } = newQueue({ atOnce: null, perSecond: 2, burst: 3 })
  const pull = (): Promise<string> => queue.run(() => Promise.resolve('pulled'))
  await Promise.all([pull(), pull(), pull()])
  await expect(pull()).rejects.toThrow('pull QPS exceeded')
  await clock.advance(500)
  await expect(pull()).resolves.toBe('pulled')
  await expect(pull()).rejects.toThrow('pull QPS exceeded')
})

it('given no limit a second, when many come at once, then all are pulled', async () => {
  const { queue } = newQueue({ atOnce: null, perSecond: 0, burst: 0 })
  const pulls = Array.from({ length: 50 }, () => queue.run(() => Promise.resolve('pulled')))
  expect(new Set(await Promise.all(pulls))).toEqual(new Set(['pulled']))
})
