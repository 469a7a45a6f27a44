import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { DisposableStore, toDisposable } from '../../base/disposable.ts'
import { silentLogger } from '../../base/logger.ts'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import type { TerminalSize } from '../../kube/streaming/channels.ts'
import type { RemoteProcess } from './remote-process.ts'
import { runRemoteCommand } from './remote-command.ts'
import { StreamServer } from './stream-server.ts'

/** Says in capitals what it is told, and ends with 5 when its input does. */
class Shouter implements RemoteProcess {
  readonly sizes: TerminalSize[] = []
  disposed = false
  readonly #pending: string[] = []
  #wake = Promise.withResolvers<void>()
  #ended = false

  readonly output = this.#shout()

  async *#shout(): AsyncGenerator<{ stream: 'stdout' | 'stderr'; data: Uint8Array }> {
    while (!this.#ended || this.#pending.length > 0) {
      const text = this.#pending.shift()
      if (text !== undefined) yield { stream: 'stdout', data: Buffer.from(text.toUpperCase()) }
      else {
        this.#wake = Promise.withResolvers()
        await this.#wake.promise
      }
    }
    yield { stream: 'stderr', data: Buffer.from('bye') }
  }

  write(data: Uint8Array): Promise<void> {
    this.#pending.push(Buffer.from(data).toString())
    this.#wake.resolve()
    return Promise.resolve()
  }
  closeStdin(): void {
    this.#ended = true
    this.#wake.resolve()
  }
  resize(size: TerminalSize): Promise<void> {
    this.sizes.push(size)
    return Promise.resolve()
  }
  exitCode(): Promise<number> {
    return Promise.resolve(5)
  }
  dispose(): void {
    this.disposed = true
    this.closeStdin()
  }
}

describe('StreamServer', () => {
  let store: DisposableStore
  let clock: FakeClock
  let server: StreamServer
  let socketPath: string
  let shouter: Shouter

  beforeEach(async () => {
    store = new DisposableStore()
    const folder = await mkdtemp(join(tmpdir(), 'stream-'))
    store.add(toDisposable(() => rm(folder, { recursive: true })))
    socketPath = join(folder, 's.sock')
    clock = new FakeClock()
    shouter = new Shouter()
    server = store.add(new StreamServer({ clock, logger: silentLogger, urlSocketPath: socketPath }))
    await server.listen(socketPath)
  })
  afterEach(() => store.dispose())

  const url = (open = () => Promise.resolve<RemoteProcess>(shouter)): string => server.add('exec', open)
  const run = async (address: string, words: string[] = []) => {
    const heard = { stdout: '', stderr: '' }
    async function* stdin() {
      await Promise.resolve()
      for (const word of words) yield Buffer.from(word)
    }
    const code = await runRemoteCommand(address, {
      stdin: stdin(),
      stdout: (data) => void (heard.stdout += Buffer.from(data).toString()),
      stderr: (data) => void (heard.stderr += Buffer.from(data).toString()),
      watchSize: (onSize) => onSize({ width: 80, height: 24 }),
      signal: new AbortController().signal,
    })
    return { code, ...heard }
  }

  it('given a client, then input, its end, sizes, both outputs and the exit code cross', async () => {
    expect(await run(url(), ['one ', 'two'])).toEqual({ code: 5, stdout: 'ONE TWO', stderr: 'bye' })
    expect(shouter.sizes).toEqual([{ width: 80, height: 24 }])
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600)
  })

  it('given a token, then it is good once', async () => {
    const address = url()
    await run(address)
    await expect(run(address)).rejects.toThrow('404')
  })

  it('given a token of a minute ago, a made-up one or one of another kind, then there is nothing', async () => {
    const address = url()
    await expect(run(address.replace('/exec/', '/attach/'))).rejects.toThrow('404')
    await expect(run(address.replace(/.$/, (last) => (last === '0' ? '1' : '0')))).rejects.toThrow('404')
    await clock.advance(60_000)
    await expect(run(address)).rejects.toThrow('404')
  })

  it('given tokens that nobody uses, then there is an end to them, and room again when they have run out', async () => {
    for (let count = 0; count < 1000; count++) url()
    expect(() => url()).toThrow('too many streams')
    await clock.advance(60_000)
    expect(url()).toContain('/exec/')
  })

  it('given a command that cannot be started, then the client gets the words', async () => {
    await expect(run(url(() => Promise.reject(new Error('it is not running'))))).rejects.toThrow('it is not running')
  })

  it('given a client of v4, then the end of input is not known there, and its leaving lets go of the process', async () => {
    const webSocket = new WebSocket(url(), ['v4.channel.k8s.io'])
    const shouted = Promise.withResolvers<void>()
    webSocket.on('message', (message: Buffer) => void (message.toString() === '\u0001A' && shouted.resolve()))
    await new Promise((resolve) => webSocket.on('open', resolve))
    expect(webSocket.protocol).toBe('v4.channel.k8s.io')
    webSocket.send(Buffer.of(255, 0))
    webSocket.send(Buffer.of(4, 0x7b))
    webSocket.send(Buffer.from('\0a'))
    await shouted.promise
    expect(shouter.disposed).toBe(false)
    webSocket.terminate()
    await expect.poll(() => shouter.disposed).toBe(true)
    expect(shouter.sizes).toEqual([])
  })

  it('given a client that speaks neither version, then it is refused', async () => {
    const webSocket = new WebSocket(url(), ['channel.k8s.io'])
    const failure = await new Promise<Error>((resolve) => webSocket.on('error', resolve))
    expect(failure.message).toContain('400')
  })
})
