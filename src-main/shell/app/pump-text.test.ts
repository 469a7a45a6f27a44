import { describe, expect, it } from 'vitest'
import { FakeClock, settle } from '../../base/testing/fake-clock.ts'
import { pumpText } from './pump-text.ts'

interface Source {
  text: AsyncIterable<string>
  push(text: string): void
  end(error?: Error): void
  /** How many were taken from it. */
  taken: number
}

/** A source that a test feeds by hand. */
function aSource(): Source {
  const waiting: string[] = []
  let wake: () => void = () => undefined
  let ended: { error?: Error } | undefined
  async function* generate(): AsyncGenerator<string> {
    for (;;) {
      const next = waiting.shift()
      if (next !== undefined) {
        source.taken += 1
        yield next
      } else if (ended?.error !== undefined) throw ended.error
      else if (ended !== undefined) return
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  const source: Source = {
    taken: 0,
    text: generate(),
    push(text: string) {
      waiting.push(text)
      wake()
    },
    end(error?: Error) {
      ended = error === undefined ? {} : { error }
      wake()
    },
  }
  return source
}

const BATCHING = { maximumDelayMs: 16, maximumLength: 10 }

describe('pumpText', () => {
  it('given lines in quick succession, when 16 ms have passed, then they travel as one batch', async () => {
    const clock = new FakeClock()
    const source = aSource()
    const batches: string[] = []
    const done = pumpText(source.text, (text) => void batches.push(text), { clock, ...BATCHING })
    source.push('a\n')
    source.push('b\n')
    await clock.advance(15)
    expect(batches).toEqual([])
    await clock.advance(1)
    expect(batches).toEqual(['a\nb\n'])
    source.end()
    await done
    expect(clock.pendingTimers).toBe(0)
  })

  it('given much text, when the limit is reached, then it travels at once', async () => {
    const clock = new FakeClock()
    const source = aSource()
    const batches: string[] = []
    const done = pumpText(source.text, (text) => void batches.push(text), { clock, ...BATCHING })
    source.push('0123456789')
    await settle()
    expect(batches).toEqual(['0123456789'])
    source.end()
    await done
  })

  it('given text that waits, when the source ends, then it is sent before the end', async () => {
    const source = aSource()
    const batches: string[] = []
    source.push('last')
    source.end()
    await pumpText(source.text, (text) => void batches.push(text), { clock: new FakeClock(), ...BATCHING })
    expect(batches).toEqual(['last'])
  })

  it('given a reader that takes its time, when more comes, then the source is held back and nothing is lost', async () => {
    const source = aSource()
    const batches: string[] = []
    let release: () => void = () => undefined
    const done = pumpText(
      source.text,
      (text) => {
        batches.push(text)
        return new Promise<void>((resolve) => (release = resolve))
      },
      { clock: new FakeClock(), ...BATCHING },
    )
    for (let index = 0; index < 5; index++) source.push(`${index}123456789`)
    await settle()
    expect(batches).toEqual(['0123456789'])
    expect(source.taken).toBe(1)
    source.end()
    for (let index = 0; index < 5; index++) {
      release()
      await settle()
    }
    await done
    expect(batches).toHaveLength(5)
  })

  it('given a reader that fails at a delayed batch, when the source goes on, then the pump rejects', async () => {
    const clock = new FakeClock()
    const source = aSource()
    const done = pumpText(source.text, () => Promise.reject(new Error('gone')), { clock, ...BATCHING })
    const outcome = expect(done).rejects.toThrow('gone')
    source.push('a')
    await clock.advance(16)
    source.push('b')
    source.end()
    await outcome
  })

  it('given a source that fails, when it does, then its last words are sent, the pump rejects and no timer is left', async () => {
    const clock = new FakeClock()
    const source = aSource()
    const batches: string[] = []
    const done = pumpText(source.text, (text) => void batches.push(text), { clock, ...BATCHING })
    const outcome = expect(done).rejects.toThrow('broken')
    source.push('a')
    source.end(new Error('broken'))
    await outcome
    expect(batches).toEqual(['a'])
    expect(clock.pendingTimers).toBe(0)
  })
})
