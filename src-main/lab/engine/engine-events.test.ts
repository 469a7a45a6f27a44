import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { FakeClock, settle } from '../../base/testing/fake-clock.ts'
import type { EngineEvent } from './engine.ts'
import { LineSplitter, parseEvent } from './engine-events.ts'
import { EventWatch } from './event-watch.ts'

const newEvent =
  '{"Type":"container","Action":"die","Actor":{"ID":"c1","Attributes":{"exitCode":"137"}},"time":1795487795,"timeNano":1795487795615998501}'

describe('parseEvent', () => {
  it("given a new engine, then action and id are the actor's, and no nanosecond is lost", () => {
    expect(parseEvent(newEvent)).toEqual({
      type: 'container',
      action: 'die',
      id: 'c1',
      attributes: { exitCode: '137' },
      timeNano: 1795487795615998501n,
    })
  })

  it('given an old engine, then status and id are used', () => {
    expect(parseEvent('{"status":"start","id":"c2","from":"x","time":5}')).toMatchObject({
      action: 'start',
      id: 'c2',
      timeNano: 5_000_000_000n,
    })
  })

  it('given what is no event, then there is none', () => {
    expect(parseEvent('{"message":"shutting down"}')).toBeUndefined()
    expect(parseEvent('{"Type":"cont')).toBeUndefined()
  })
})

describe('LineSplitter', () => {
  it('given chunks that tear lines and characters, then lines come out whole', () => {
    const lines: string[] = []
    const splitter = new LineSplitter((line) => lines.push(line))
    const bytes = Buffer.from('{"a":"é"}\n{"b":1}\n')
    for (const byte of bytes) splitter.push(Uint8Array.of(byte))
    expect(lines).toEqual(['{"a":"é"}', '{"b":1}'])
  })
})

describe('EventWatch', () => {
  function start(connections: (PassThrough | Error)[]) {
    const clock = new FakeClock()
    const events: EngineEvent[] = []
    let connected = 0
    const watch = new EventWatch({
      clock,
      connect: () => {
        const next = connections.shift() ?? new Error('away')
        return next instanceof Error ? Promise.reject(next) : Promise.resolve(next)
      },
      onEvent: (event) => events.push(event),
      onConnected: () => connected++,
    })
    return { clock, events, watch, connected: () => connected }
  }

  it('given a connection that ends, then it connects again and says so each time', async () => {
    const first = new PassThrough()
    const second = new PassThrough()
    const { clock, events, connected, watch } = start([first, new Error('away'), second])
    await settle()
    expect(connected()).toBe(1)
    first.end()
    await clock.advance(10_000)
    expect(connected()).toBe(2)
    second.write(`${newEvent}\n`)
    await settle()
    expect(events.map(({ id }) => id)).toEqual(['c1'])
    watch.dispose()
  })

  it('given its end, then no timer is left and nothing more is told', async () => {
    const stream = new PassThrough()
    const { clock, events, watch } = start([stream])
    await settle()
    watch.dispose()
    stream.write(`${newEvent}\n`)
    await clock.advance(60_000)
    expect(events).toEqual([])
    expect(clock.pendingTimers).toBe(0)
  })
})
