import { describe, expect, it } from 'vitest'
import { FakeClock, settle } from '../../../base/testing/fake-clock.ts'
import type { TerminalChunk, TerminalStatus, TerminalTarget } from '../../../common/lab/terminal.ts'
import type { ExecOptions } from '../../../lab/lab-manager.ts'
import { FakeLabManager } from '../../testing/fake-lab-manager.ts'
import { TerminalSessions } from './terminal-sessions.ts'

const NODE: TerminalTarget = { kind: 'node', node: 'node01' }
const CONTAINER: TerminalTarget = {
  kind: 'container',
  node: 'node01',
  namespace: 'default',
  pod: 'web-node01',
  container: 'nginx',
}
const HOUR_MS = 60 * 60 * 1000

/** A shell that a test plays: it introduces itself, and says what it is told to say. */
class PlayedShell {
  readonly options: ExecOptions
  readonly input: string[] = []
  readonly sizes: [number, number][] = []
  readonly exit = Promise.withResolvers<number>()

  constructor(options: ExecOptions) {
    this.options = options
    options.stdin?.on('data', (data: Buffer) => this.input.push(data.toString()))
    options.onResize?.((columns, rows) => this.sizes.push([columns, rows]))
    options.signal?.addEventListener('abort', () => this.exit.reject(new Error('cancelled')))
  }

  /** Resolves when the terminal takes more. */
  say(text: string | Buffer): Promise<void> {
    return new Promise((resolve) => this.options.stdout.write(text, () => resolve()))
  }
}

interface Setting {
  clock: FakeClock
  labManager: FakeLabManager
  sessions: TerminalSessions
  shells: PlayedShell[]
  heard: string[]
}

function aSetting(): Setting {
  const clock = new FakeClock()
  const labManager = new FakeLabManager()
  const sessions = new TerminalSessions(labManager, clock)
  const shells: PlayedShell[] = []
  const heard: string[] = []
  labManager.runCommand = (options) => {
    const shell = new PlayedShell(options)
    shells.push(shell)
    void shell.say('node-lab-shell\r\n')
    return shell.exit.promise
  }
  sessions.subscribe({
    onChanged: ({ state, exitCode }) => void heard.push(exitCode === undefined ? state : `${state} ${exitCode}`),
    onGone: () => void heard.push('gone'),
  })
  return { clock, labManager, sessions, shells, heard }
}

function open({ sessions }: Setting, target: TerminalTarget = NODE): Promise<TerminalStatus> {
  return sessions.open({ lab: 'default', target, columns: 80, rows: 24 })
}

interface Reading {
  chunks: TerminalChunk[]
  text(): string
  stop(): void
  ended: Promise<void>
}

/** @param take held back for each chunk, as a page that draws */
function read(setting: Setting, terminal: string, from = 0, take = async (): Promise<void> => undefined): Reading {
  const abort = new AbortController()
  const chunks: TerminalChunk[] = []
  const ended = (async () => {
    for await (const chunk of setting.sessions.output({ terminal, from }, abort.signal)) {
      chunks.push(chunk)
      await take()
    }
  })()
  return { chunks, text: () => chunks.map(({ text }) => text).join(''), stop: () => abort.abort(), ended }
}

describe('a terminal', () => {
  it('given a node, when opened, typed into and resized, then its shell has all of it in order, and its introduction is not shown', async () => {
    const setting = aSetting()
    const { id, ...status } = await open(setting)
    expect(status).toEqual({ lab: 'default', target: NODE, openedAt: '2026-01-01T00:00:00.000Z', state: 'running' })
    expect(id).toMatch(/^[\w-]{22}$/)
    const [shell] = setting.shells
    await shell?.say('root@node01:~# ')
    for (const key of ['l', 's', '\r']) setting.sessions.input(id, key)
    setting.sessions.resize(id, { columns: 100, rows: 30 })
    const reading = read(setting, id)
    await settle()
    expect(shell?.input.join('')).toBe('ls\r')
    expect(shell?.sizes).toEqual([
      [80, 24],
      [100, 30],
    ])
    expect(reading.chunks).toEqual([{ offset: 0, text: 'root@node01:~# ', isAnswered: true }])
    reading.stop()
    await reading.ended
  })

  it('given output in a multi-byte script, when it comes in halves, then no character is lost', async () => {
    const setting = aSetting()
    const { id } = await open(setting)
    const reading = read(setting, id)
    const bytes = Buffer.from('노드')
    await setting.shells[0]?.say(bytes.subarray(0, 2))
    await setting.shells[0]?.say(bytes.subarray(2))
    await settle()
    expect(reading.text()).toBe('노드')
    reading.stop()
  })

  it('given a page that goes and comes again, then it finds the terminal, what it missed, and nothing twice', async () => {
    const setting = aSetting()
    const { id } = await open(setting)
    const first = read(setting, id)
    await setting.shells[0]?.say('one ')
    await settle()
    first.stop()
    await first.ended
    await setting.shells[0]?.say('two ')
    expect(setting.sessions.list('default').map((status) => status.id)).toEqual([id])
    const second = read(setting, id, 4)
    await settle()
    await setting.shells[0]?.say('three')
    await settle()
    expect(second.chunks).toEqual([
      { offset: 4, text: 'two ', isAnswered: true },
      { offset: 8, text: 'three', isAnswered: false },
    ])
    second.stop()
  })

  it('given two windows, then what is written is one window’s to answer, the other’s when that has gone', async () => {
    const setting = aSetting()
    const { id } = await open(setting)
    const gate = Promise.withResolvers<void>()
    const first = read(setting, id)
    const second = read(setting, id, 0, () => gate.promise)
    await settle()
    await setting.shells[0]?.say('one ')
    await settle()
    await setting.shells[0]?.say('two ')
    await settle()
    gate.resolve()
    await settle()
    first.stop()
    await first.ended
    await setting.shells[0]?.say('three')
    await settle()
    expect(first.chunks.map(({ text, isAnswered }) => [text, isAnswered])).toEqual([
      ['one ', false],
      ['two ', false],
    ])
    expect(second.chunks.map(({ text, isAnswered }) => [text, isAnswered])).toEqual([
      ['one ', true],
      ['two ', true],
      ['three', false],
    ])
    second.stop()
  })

  it('given a shell that exits, then readers end after its last words, and the list says how', async () => {
    const setting = aSetting()
    const { id } = await open(setting)
    const reading = read(setting, id)
    await setting.shells[0]?.say('bye')
    setting.shells[0]?.exit.resolve(3)
    await reading.ended
    expect(reading.text()).toBe('bye')
    expect(setting.sessions.list('default')).toMatchObject([{ state: 'ended', exitCode: 3 }])
    expect(setting.heard).toEqual(['running', 'ended 3'])
    expect(() => setting.sessions.input(id, 'x')).toThrow('has ended')
  })

  it('given an open terminal, when closed, then its shell is hung up, and it is not listed any more', async () => {
    const setting = aSetting()
    const { id } = await open(setting)
    await setting.sessions.close(id)
    expect(setting.shells[0]?.options.signal?.aborted).toBe(true)
    expect(setting.sessions.list('default')).toEqual([])
    expect(setting.heard.at(-1)).toBe('gone')
    expect(() => setting.sessions.input(id, 'x')).toThrow('not open')
    expect(setting.clock.pendingTimers).toBe(0)
  })

  it('given an engine that does not answer, when closed, then it is closed all the same', async () => {
    const setting = aSetting()
    setting.labManager.runCommand = async ({ stdout }) => {
      stdout.write('node-lab-shell\r\n')
      return new Promise(() => undefined)
    }
    const { id } = await open(setting)
    const closed = setting.sessions.close(id)
    await setting.clock.advance(5_000)
    await closed
    expect(setting.clock.pendingTimers).toBe(0)
  })
})

describe('back-pressure', () => {
  it('given a page that takes nothing, when a program floods, then it is held up, and goes on with the page', async () => {
    const setting = aSetting()
    const { id } = await open(setting)
    const gates: (() => void)[] = []
    const reading = read(setting, id, 0, () => new Promise((resolve) => gates.push(resolve)))
    const flood = 'y\n'.repeat(32 * 1024)
    let said = 0
    const flooding = (async () => {
      for (let turn = 0; turn < 20; turn += 1) {
        await setting.shells[0]?.say(flood)
        said += 1
      }
    })()
    await settle()
    const whileHeld = said
    expect(whileHeld).toBeLessThan(5)
    // What is typed gets through meanwhile.
    setting.sessions.input(id, '\u0003')
    await settle()
    expect(setting.shells[0]?.input).toEqual(['\u0003'])
    for (let turn = 0; turn < 200 && said < 20; turn += 1) {
      gates.shift()?.()
      await settle()
    }
    await flooding
    expect(said).toBe(20)
    reading.stop()
    gates.forEach((open) => open())
    await reading.ended
    let expected = 0
    for (const chunk of reading.chunks) {
      expect(chunk.offset).toBe(expected)
      expected += chunk.text.length
    }
  })

  it('given nobody who reads, when a program floods, then it runs on and only its newest output is kept', async () => {
    const setting = aSetting()
    const { id } = await open(setting)
    const flood = `${'y'.repeat(79)}\n`.repeat(1024)
    for (let turn = 0; turn < 40; turn += 1) await setting.shells[0]?.say(flood)
    await setting.shells[0]?.say('last')
    const reading = read(setting, id)
    await settle()
    const kept = reading.text()
    expect(kept.endsWith('y\nlast')).toBe(true)
    expect(kept.length).toBeLessThan(700_000)
    expect(reading.chunks[0]?.offset).toBeGreaterThan(2_000_000)
    reading.stop()
  })

  it('given a program that reads nothing, when more than it may be is typed, then that is refused', async () => {
    const setting = aSetting()
    const { id } = await open(setting)
    setting.shells[0]?.options.stdin?.pause()
    const type = (): void => {
      for (let turn = 0; turn < 100; turn += 1) setting.sessions.input(id, 'x'.repeat(32 * 1024))
    }
    expect(type).toThrow('does not read')
  })
})

describe('opening', () => {
  it('given a container, then its shell is asked for there, under a prompt that says where one is', async () => {
    const setting = aSetting()
    await open(setting, CONTAINER)
    const { kind: _kind, ...place } = CONTAINER
    expect(setting.labManager.requests[0]).toMatchObject([
      'exec',
      { lab: 'default', ...place },
      { 0: 'sh', 4: 'web-node01/nginx:$PWD# ' },
    ])
  })

  it.each([126, 127])(
    'given an image without a shell (exit code %i), then the error says so and what works instead',
    async (exitCode) => {
      const setting = aSetting()
      setting.labManager.runCommand = async ({ stdout }) => {
        stdout.write('OCI runtime exec failed: exec: "sh": executable file not found in $PATH: unknown\r\n')
        return exitCode
      }
      await expect(open(setting, CONTAINER)).rejects.toMatchObject({
        kind: 'Unavailable',
        message: expect.stringContaining('has no shell'),
        remedy: expect.stringContaining('crictl'),
        details: { reason: 'NoShell', words: expect.stringContaining('not found') },
      })
      expect(setting.sessions.list('default')).toEqual([])
    },
  )

  it('given a node that is off, then its own error comes', async () => {
    const setting = aSetting()
    setting.labManager.runCommand = () => Promise.reject(new Error('the node node01 does not run'))
    await expect(open(setting)).rejects.toThrow('does not run')
  })

  it('given a shell that says nothing, then there is an end to waiting', async () => {
    const setting = aSetting()
    setting.labManager.runCommand = ({ signal }) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('cancelled'))))
    const opened = expect(open(setting)).rejects.toMatchObject({ kind: 'Timeout' })
    await setting.clock.advance(30_000)
    await opened
    expect(setting.clock.pendingTimers).toBe(0)
  })

  it('given a lab without a control plane, when kubectl is wanted, then it is refused with what to do', async () => {
    await expect(open(aSetting(), { kind: 'kubectl' })).rejects.toMatchObject({
      kind: 'Conflict',
      remedy: expect.stringContaining('control plane'),
    })
  })

  it('given as many as there may be, when one more is wanted, then it is refused, until one that has ended makes room', async () => {
    const setting = aSetting()
    for (let count = 0; count < 24; count += 1) await open(setting)
    await expect(open(setting)).rejects.toMatchObject({ kind: 'Conflict', message: expect.stringContaining('24') })
    setting.shells[5]?.exit.resolve(0)
    await settle()
    await open(setting)
    expect(setting.sessions.list('default')).toHaveLength(24)
  })
})

describe('a terminal without anybody', () => {
  it('given nobody for two hours, then it is closed; given somebody, then it stays', async () => {
    const setting = aSetting()
    const left = await open(setting)
    const { id } = await open(setting)
    const reading = read(setting, id)
    await setting.clock.advance(2 * HOUR_MS + 10_000)
    await settle()
    expect(setting.sessions.list('default').map((status) => status.id)).toEqual([id])
    expect(left.id).not.toBe(id)
    reading.stop()
    await reading.ended
    await setting.clock.advance(2 * HOUR_MS + 10_000)
    expect(setting.sessions.list('default')).toEqual([])
  })

  it('given an end of the app, then all shells are hung up', async () => {
    const setting = aSetting()
    await open(setting)
    await open(setting)
    await setting.sessions.dispose()
    expect(setting.shells.map(({ options }) => options.signal?.aborted)).toEqual([true, true])
    expect(setting.sessions.list('default')).toEqual([])
    expect(setting.clock.pendingTimers).toBe(0)
  })

  it('given terminals of two labs, then each list has its own', async () => {
    const setting = aSetting()
    await open(setting)
    await setting.sessions.open({ lab: 'other', target: NODE, columns: 80, rows: 24 })
    expect(setting.sessions.list('other').map(({ lab }) => lab)).toEqual(['other'])
  })
})
