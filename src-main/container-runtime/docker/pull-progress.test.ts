import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { PullProgress, StallTimer } from './pull-progress.ts'

const line = (content: object): string => `${JSON.stringify(content)}\r\n`
const downloading = (id: string, current: number): string =>
  line({ status: 'Downloading', id, progressDetail: { current, total: 100 } })

describe('PullProgress', () => {
  it('given lines that come in pieces, then it knows how far the pull is', () => {
    const progress = new PullProgress()
    const text = line({ status: 'Pulling from some/image', id: '1' }) + downloading('3f4a', 5)
    expect(progress.push(text.slice(0, 20))).toBe(false)
    expect(progress.push(text.slice(20))).toBe(true)
    expect(progress.describe()).toBe('Downloading 3f4a (5 of 100 bytes)')
    expect(progress.error).toBeUndefined()
  })

  it('given a line that says the same again, then nothing has moved', () => {
    const progress = new PullProgress()
    progress.push(downloading('3f4a', 5))
    expect(progress.push(downloading('3f4a', 5))).toBe(false)
    expect(progress.push(downloading('3f4a', 6))).toBe(true)
    expect(progress.push(line({ status: 'Pull complete', id: '3f4a' }))).toBe(true)
    expect(progress.describe()).toBe('Pull complete 3f4a')
  })

  it('given an error on the way, then its words are kept', () => {
    const progress = new PullProgress()
    progress.push(line({ errorDetail: { message: 'denied' }, error: 'denied' }))
    expect(progress.error).toBe('denied')
  })
})

describe('StallTimer', () => {
  it('given touches in time, then it waits on; without one, then it calls once; disposed, never', async () => {
    const clock = new FakeClock()
    let calls = 0
    const timer = new StallTimer(clock, 1000, () => calls++)
    for (let touch = 0; touch < 3; touch++) {
      await clock.advance(999)
      timer.touch()
    }
    expect(calls).toBe(0)
    await clock.advance(5000)
    expect(calls).toBe(1)
    timer.touch()
    timer.dispose()
    await clock.advance(5000)
    expect([calls, clock.pendingTimers]).toEqual([1, 0])
  })
})
