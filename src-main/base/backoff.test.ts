import { describe, expect, it } from 'vitest'
import { Backoff } from './backoff.ts'
import { FakeClock } from './testing/fake-clock.ts'

function ladder(clock: FakeClock): Backoff {
  return new Backoff({ clock, initialMs: 10_000, maxMs: 300_000, resetAfterMs: 600_000 })
}

describe('Backoff', () => {
  it('given one event after another, then the delay doubles from 10 s to its cap of 300 s', async () => {
    const clock = new FakeClock()
    const backoff = ladder(clock)
    const delays: number[] = []
    for (let round = 0; round < 8; round++) {
      backoff.next('web', clock.now())
      delays.push(backoff.delayOf('web') / 1000)
      await clock.advance(backoff.delayOf('web'))
    }
    expect(delays).toEqual([10, 20, 40, 80, 160, 300, 300, 300])
  })

  it('given no entry, then nothing has to wait', () => {
    expect(ladder(new FakeClock()).waitsUntil('web', 0)).toBeUndefined()
  })

  it('given an entry, when the delay since the event is over, then it need not wait any more', async () => {
    const clock = new FakeClock()
    const backoff = ladder(clock)
    backoff.next('web', clock.now())
    const eventMs = clock.now() + 5000
    await clock.advance(5000)
    expect(backoff.waitsUntil('web', eventMs)).toBe(eventMs + 10_000)
    await clock.advance(9_999)
    expect(backoff.waitsUntil('web', eventMs)).toBe(eventMs + 10_000)
    await clock.advance(1)
    expect(backoff.waitsUntil('web', eventMs)).toBeUndefined()
  })

  it('given an event more than 600 s after the last update, then the ladder begins anew', async () => {
    const clock = new FakeClock()
    const backoff = ladder(clock)
    backoff.next('web', clock.now())
    backoff.next('web', clock.now())
    await clock.advance(600_001)
    expect(backoff.waitsUntil('web', clock.now())).toBeUndefined()
    backoff.next('web', clock.now())
    expect(backoff.delayOf('web')).toBe(10_000)
  })

  it('given an event exactly 600 s after the last update, then the ladder goes on', async () => {
    const clock = new FakeClock()
    const backoff = ladder(clock)
    backoff.next('web', clock.now())
    await clock.advance(600_000)
    backoff.next('web', clock.now())
    expect(backoff.delayOf('web')).toBe(20_000)
  })
})
