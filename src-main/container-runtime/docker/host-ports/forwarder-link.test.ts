import { duplexPair } from 'node:stream'
import type { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { FakeClock, settle } from '../../../base/testing/fake-clock.ts'
import type { ForwardingRequest } from '../../../common/port-forwarding.ts'
import { outputFrame } from '../../testing/fake-forwarder.ts'
import { ForwarderLink } from './forwarder-link.ts'

/** A link to a forwarder whose side of the connection the test has. */
async function newLink(clock = new FakeClock()) {
  const [ours, theirs] = duplexPair()
  const commands: unknown[] = []
  const engine = {
    json: <T>(_path: string, options?: { body?: unknown }): Promise<T> => {
      commands.push(options?.body)
      return Promise.resolve({ Id: 'exec1' } as T)
    },
    upgrade: (): Promise<Duplex> => Promise.resolve(ours),
  }
  const link = await ForwarderLink.start(engine, clock, 'node-container')
  return { link, theirs, commands, clock }
}

const pod = { key: 'k', podIp: '10.0.0.2', ports: [] }

describe('the link to the port forwarder', () => {
  it('given a forwarder, when it is asked, then it is one fixed command and its faults are the answer', async () => {
    const { link, theirs, commands } = await newLink()
    expect(commands).toMatchObject([{ Cmd: ['/usr/lib/node-lab/port-forwarder'] }])
    const port = { protocol: 'TCP' as const, hostIp: '0.0.0.0', hostPort: 80, containerPort: 80 }
    theirs.on('data', (line: Buffer) => {
      const { serial, pods } = JSON.parse(line.toString()) as ForwardingRequest
      const answer = JSON.stringify({ serial, faults: [{ key: pods[0]?.key, port, code: 'EADDRINUSE' }] })
      theirs.write(outputFrame('stdout', answer.slice(0, 9)))
      theirs.write(outputFrame('stdout', `${answer.slice(9)}\n`))
    })
    expect(await link.ask([pod])).toEqual([{ key: 'k', port, code: 'EADDRINUSE' }])
    expect(await link.ask([{ ...pod, key: 'other' }])).toMatchObject([{ key: 'other' }])
  })

  it.each([
    ['words that are no answer', 'hello\n'],
    ['an answer without faults', '{"serial":1}\n'],
    ['faults that are none', '{"serial":1,"faults":[{"key":7}]}\n'],
    ['an answer to another question', '{"serial":99,"faults":[]}\n'],
  ])('given a program in its place, when it says %s, then the link ends and the call fails', async (_what, words) => {
    const { link, theirs } = await newLink()
    theirs.once('data', () => theirs.write(outputFrame('stdout', words)))
    await expect(link.ask([pod])).rejects.toMatchObject({ code: 'Unknown' })
    await link.ended
  })

  it('given a program that never ends its line, then the link ends before that fills the memory', async () => {
    const { link, theirs } = await newLink()
    theirs.on('error', () => undefined)
    const block = outputFrame('stdout', 'x'.repeat(256 * 1024))
    for (let round = 0; round < 8; round++) theirs.write(block)
    await link.ended
  })

  it('given silence, then the call fails after ten seconds with what was complained of', async () => {
    const { link, theirs, clock } = await newLink()
    theirs.write(outputFrame('stderr', 'no such program\n'))
    const answer = link.ask([pod])
    answer.catch(() => undefined)
    await settle()
    await clock.advance(10_000)
    await expect(answer).rejects.toThrow('does not answer: no such program')
    expect(clock.pendingTimers).toBe(0)
  })

  it('given a forwarder that ends, then the call fails at once', async () => {
    const { link, theirs } = await newLink()
    theirs.once('data', () => theirs.end())
    await expect(link.ask([pod])).rejects.toThrow('does not answer')
  })
})
