import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { Expectations } from './expectations.ts'

const WEB = 'default/web'

describe('expectations', () => {
  it('given two creations, when both were seen, then it is time to count again and not before', () => {
    const expectations = new Expectations(new FakeClock())
    expect(expectations.areSatisfied(WEB)).toBe(true)
    expectations.expect(WEB, 2, [])
    expectations.creationObserved(WEB)
    expect(expectations.areSatisfied(WEB)).toBe(false)
    expect(expectations.areSatisfied('default/other')).toBe(true)
    expectations.creationObserved(WEB)
    expect(expectations.areSatisfied(WEB)).toBe(true)
  })

  it('given two deletions, when one is seen twice, then the other is still waited for', () => {
    const expectations = new Expectations(new FakeClock())
    expectations.expect(WEB, 0, ['default/a', 'default/b'])
    expectations.deletionObserved(WEB, 'default/a')
    expectations.deletionObserved(WEB, 'default/a')
    expect(expectations.areSatisfied(WEB)).toBe(false)
    expectations.deletionObserved(WEB, 'default/b')
    expect(expectations.areSatisfied(WEB)).toBe(true)
  })

  it('given a creation that is never seen, when five minutes have passed, then it is no longer waited for', async () => {
    const clock = new FakeClock()
    const expectations = new Expectations(clock)
    expectations.expect(WEB, 1, [])
    await clock.advance(5 * 60_000)
    expect(expectations.areSatisfied(WEB)).toBe(false)
    await clock.advance(1)
    expect(expectations.areSatisfied(WEB)).toBe(true)
  })

  it('given an owner that is gone, then nothing is expected of another of its name', () => {
    const expectations = new Expectations(new FakeClock())
    expectations.expect(WEB, 1, [])
    expectations.forget(WEB)
    expect(expectations.areSatisfied(WEB)).toBe(true)
  })
})
