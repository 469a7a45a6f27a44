import { describe, expect, it } from 'vitest'
import { collectWhenQuiet } from './collect-when-quiet.ts'
import { FakeClock } from './testing/fake-clock.ts'

function setUp() {
  const clock = new FakeClock()
  const state = { cpuMs: 0, collections: 0 }
  const collect = () => {
    state.collections++
    state.cpuMs += 20
  }
  const collector = collectWhenQuiet({ clock, cpuMs: () => state.cpuMs, collect })
  /** Five seconds in which so much processor time is used. */
  const pass = async (cpuMs: number) => {
    state.cpuMs += cpuMs
    await clock.advance(5000)
  }
  return { clock, state, collector, pass }
}

describe('collectWhenQuiet', () => {
  it('given hard work, when it is over, then garbage is collected once', async () => {
    const { state, pass } = setUp()
    await pass(3000)
    await pass(3000)
    expect(state.collections).toBe(0)
    await pass(10)
    expect(state.collections).toBe(1)
    for (let look = 0; look < 5; look++) await pass(0)
    expect(state.collections).toBe(1)
  })

  it('given hardly any work, then it is not worth it until enough has come together', async () => {
    const { state, pass } = setUp()
    for (let look = 0; look < 9; look++) await pass(40)
    expect(state.collections).toBe(0)
    await pass(40)
    expect(state.collections).toBe(1)
  })

  it('when it is disposed, or there is nothing to collect with, then no timer is left', () => {
    const { clock, collector } = setUp()
    void collector.dispose()
    collectWhenQuiet({ clock, cpuMs: () => 0, collect: undefined })
    expect(clock.pendingTimers).toBe(0)
  })
})
