import { beforeEach, describe, expect, it } from 'vitest'
import type { BridgeState, NodeLabBridge, StreamHandlers } from '@common/ipc/bridge.ts'
import type { TerminalChunk } from '@common/lab/terminal.ts'
import { installBridge } from '../../../bridge/client.ts'
import { followOutput, type OutputState } from './follow-output.ts'

const TERMINAL = 'abcdefghijklmnopqrst-_'

/** A bridge whose streams a test feeds by hand. */
class HandBridge {
  readonly opened: { parameters: unknown; handlers: StreamHandlers<TerminalChunk>; isClosed: boolean }[] = []
  tellState: (state: BridgeState) => void = () => undefined

  openStream(_name: string, parameters: unknown, handlers: StreamHandlers<TerminalChunk>): () => void {
    const stream = { parameters, handlers, isClosed: false }
    this.opened.push(stream)
    return () => void (stream.isClosed = true)
  }

  onStateChange(listener: (state: BridgeState) => void): () => void {
    this.tellState = listener
    listener('open')
    return () => undefined
  }
}

let bridge: HandBridge
let written: string[]
let states: OutputState[]

function follow(write = async (): Promise<void> => undefined): () => void {
  const screen = {
    write: (chunk: TerminalChunk) => {
      written.push(chunk.text)
      return write()
    },
    clear: () => void written.push('CLEARED'),
  }
  return followOutput(TERMINAL, screen, (state) => states.push(state))
}

beforeEach(() => {
  bridge = new HandBridge()
  installBridge(bridge as unknown as NodeLabBridge)
  written = []
  states = []
})

describe('following a terminal', () => {
  it('given a connection that is lost, when it is back, then output goes on where it broke', async () => {
    follow()
    await bridge.opened[0]?.handlers.onChunk({ offset: 0, text: 'one ', isAnswered: true })
    bridge.opened[0]?.handlers.onEnd({ kind: 'Unavailable', message: 'lost' })
    bridge.tellState('closed')
    expect(bridge.opened).toHaveLength(1)
    bridge.tellState('open')
    expect(bridge.opened.map(({ parameters }) => parameters)).toEqual([
      { terminal: TERMINAL, from: 0 },
      { terminal: TERMINAL, from: 4 },
    ])
    await bridge.opened[1]?.handlers.onChunk({ offset: 4, text: 'two', isAnswered: true })
    expect(written).toEqual(['one ', 'two'])
    expect(states).toEqual(['following', 'reconnecting', 'following'])
  })

  it('given so long an absence that a part was forgotten, then the screen is cleared before what is left', async () => {
    follow()
    await bridge.opened[0]?.handlers.onChunk({ offset: 0, text: 'one', isAnswered: true })
    await bridge.opened[0]?.handlers.onChunk({ offset: 5_000, text: 'later', isAnswered: false })
    expect(written).toEqual(['one', 'CLEARED', 'later'])
  })

  it('given a screen that draws slowly, then a chunk is taken when it is drawn', async () => {
    const drawn = Promise.withResolvers<void>()
    follow(() => drawn.promise)
    let isTaken = false
    const taken = Promise.resolve(bridge.opened[0]?.handlers.onChunk({ offset: 0, text: 'x', isAnswered: false })).then(
      () => (isTaken = true),
    )
    await Promise.resolve()
    expect(isTaken).toBe(false)
    drawn.resolve()
    await taken
    expect(isTaken).toBe(true)
  })

  it.each([
    [undefined, 'ended'],
    [{ kind: 'NotFound', message: 'not open any more' } as const, 'gone'],
  ])('given the end %j, then that is %s, and nothing is opened again', (error, state) => {
    follow()
    bridge.opened[0]?.handlers.onEnd(error)
    bridge.tellState('open')
    expect(states.at(-1)).toBe(state)
    expect(bridge.opened).toHaveLength(1)
  })

  it('given nobody who looks any more, then the stream is closed', () => {
    const stop = follow()
    stop()
    expect(bridge.opened[0]?.isClosed).toBe(true)
  })
})
