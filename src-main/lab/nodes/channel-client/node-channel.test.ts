import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../../base/disposable.ts'
import { silentLogger } from '../../../base/logger.ts'
import { LabError } from '../../../common/lab-error.ts'
import type { ChannelView } from '../../../common/node-channel.ts'
import { serveNodeChannel } from '../../../kubelet/private-channel/channel-server.ts'
import { FakeChannelSource } from '../../../kubelet/private-channel/testing/fake-source.ts'
import type { Engine, EngineExec } from '../../engine/engine.ts'
import { openNodeChannel, type ChannelState, type NodeChannel } from './node-channel.ts'

let owned = new DisposableStore()
let folder = ''
let socketPath = ''
let source = new FakeChannelSource()
/** What the fake engine does with an exec. */
let node: 'running' | 'stopped' = 'running'
let relays: net.Socket[] = []
let commands: string[][] = []

beforeEach(() => {
  owned = new DisposableStore()
  folder = mkdtempSync(path.join(tmpdir(), 'client-'))
  socketPath = path.join(folder, 'k.sock')
  source = new FakeChannelSource()
  source.folder = folder
  node = 'running'
  relays = []
  commands = []
})
afterEach(async () => {
  await owned.dispose()
  rmSync(folder, { recursive: true })
})

/** The relay as socat is: bytes both ways, complaints on stderr, exit code 1 when it cannot connect. */
function relay(): EngineExec {
  const socket = net.connect(socketPath)
  relays.push(socket)
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  socket.pipe(stdout)
  const exit = new Promise<number>((resolve) => {
    socket.on('error', (error) => {
      const words = 'code' in error && error.code === 'ENOENT' ? 'No such file or directory' : 'Connection refused'
      stderr.end(`2026/01/01 socat[9] E connect(5, AF=1 "/run/node-lab/kubelet.sock", 28): ${words}\n`)
      stdout.end()
      resolve(1)
    })
    socket.on('close', () => resolve(0))
  })
  return { stdin: socket, stdout, stderr, exit, resize: async () => undefined, close: () => void socket.destroy() }
}

const engine = {
  async exec(container: string, options: { command: string[] }) {
    if (node === 'stopped') throw new LabError({ kind: 'Conflict', message: `container ${container} is not running` })
    commands.push(options.command)
    return relay()
  },
} as Partial<Engine> as Engine

async function startKubelet(): Promise<Disposable> {
  const server = await serveNodeChannel({ source, socketPath, clock: systemClock(), logger: silentLogger })
  return owned.add(server)
}

function open(): { channel: NodeChannel; states: ChannelState[] } {
  const channel = owned.add(openNodeChannel(engine, 'lab-node01'))
  const states: ChannelState[] = []
  channel.onDidChangeState((state) => states.push(state))
  return { channel, states }
}

/** Collects what a watch says; `until` resolves when something said satisfies the test. */
function recorder<T>() {
  const said: T[] = []
  const waiting = new Set<() => void>()
  return {
    said,
    say(value: T): void {
      said.push(value)
      for (const check of waiting) check()
    },
    until(test: (values: T[]) => boolean): Promise<void> {
      return new Promise((resolve) => {
        const check = (): void => {
          if (!test(said)) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      })
    },
  }
}

const podNames = (view: ChannelView | undefined): (string | undefined)[] =>
  (view?.pods ?? []).map((pod) => pod.metadata.name)

describe('given a node whose kubelet serves', () => {
  it('when it is asked, then answers are typed and one relay serves all', async () => {
    await startKubelet()
    const { channel } = open()
    source.setPods('web')
    expect(await channel.kubelet()).toMatchObject({ nodeName: 'node01', version: 'v1.35.0' })
    expect(podNames(await channel.view())).toEqual(['web'])
    expect(channel.state).toEqual({ state: 'open' })
    expect(commands).toEqual([['socat', 'STDIO', 'UNIX-CONNECT:/run/node-lab/kubelet.sock']])
  })

  it('when manifests are handled, then the folder on the node changes', async () => {
    await startKubelet()
    const { channel } = open()
    await channel.writeManifest('ünï cod/e.yaml'.replace('/', '-'), 'kind: Pod')
    expect((await channel.listManifests()).names).toContain('ünï cod-e.yaml')
    expect((await channel.readManifest('ünï cod-e.yaml')).toString()).toBe('kind: Pod')
    await channel.removeManifest('ünï cod-e.yaml')
    await expect(channel.readManifest('ünï cod-e.yaml')).rejects.toMatchObject({ name: 'LabError', kind: 'NotFound' })
    await expect(channel.writeManifest('../x', '')).rejects.toMatchObject({ kind: 'BadRequest' })
    await expect(channel.readManifest('.')).rejects.toMatchObject({ kind: 'BadRequest' })
    await channel.writeManifest('big.yaml', Buffer.alloc(9_000_000, 'x'))
    expect(await channel.readManifest('big.yaml')).toHaveLength(9_000_000)
  })

  it('when a log is read, then text comes, faults are the kubelet’s, and the signal ends a follow', async () => {
    const file = path.join(folder, '0.log')
    writeFileSync(file, '2026-01-01T00:00:00Z stdout F grüße\n'.repeat(20_000))
    source.logFiles.set('web', { path: file, isRunning: () => true })
    await startKubelet()
    const { channel } = open()
    const target = { namespace: 'default', pod: 'web', container: 'c' }
    let text = ''
    for await (const piece of channel.logs(target)) text += piece
    expect(text).toBe('grüße\n'.repeat(20_000))
    const ended = new AbortController()
    let followed = ''
    for await (const piece of channel.logs(target, { follow: true, tailLines: 1, signal: ended.signal })) {
      followed += piece
      ended.abort()
    }
    expect(followed).toBe('grüße\n')
    const missing = channel.logs({ ...target, pod: 'gone' })[Symbol.asyncIterator]()
    await expect(missing.next()).rejects.toMatchObject({ kind: 'NotFound', message: 'pod "gone" does not exist' })
  })
})

describe('given watches', () => {
  it('when the connection is lost, then they go on: the view anew, each timeline entry once', async () => {
    await startKubelet()
    source.setPods('one')
    source.addEntries(3)
    const { channel } = open()
    const views = recorder<ChannelView>()
    const sequences = recorder<number>()
    owned.add(channel.watchView((view) => views.say(view)))
    owned.add(channel.watchTimeline(undefined, (entries) => entries.forEach((entry) => sequences.say(entry.sequence))))
    await views.until((all) => podNames(all.at(-1))[0] === 'one')
    await sequences.until((all) => all.length === 3)

    relays.at(-1)?.destroy()
    source.setPods('two')
    source.addEntries(2)
    await views.until((all) => podNames(all.at(-1))[0] === 'two')
    await sequences.until((all) => all.length === 5)
    expect(sequences.said).toEqual([1, 2, 3, 4, 5])
    expect(commands).toHaveLength(2)
  })

  it('when the kubelet is restarted, then it is seen as stopped and its watches return by themselves', async () => {
    const first = await startKubelet()
    const { channel, states } = open()
    const views = recorder<ChannelView>()
    const watch = channel.watchView((view) => views.say(view))
    await views.until((all) => all.length === 1)
    await first.dispose()
    await expect.poll(() => states.at(-1)).toMatchObject({ state: 'unreachable', reason: 'KubeletStopped' })
    await expect(channel.kubelet()).rejects.toMatchObject({
      kind: 'Unavailable',
      details: { reason: 'KubeletStopped' },
    })
    source.setPods('after')
    await startKubelet()
    await views.until((all) => podNames(all.at(-1))[0] === 'after')
    expect(channel.state).toEqual({ state: 'open' })
    await watch.dispose()
    await expect.poll(() => source.listeners).toBe(0)
  })

  it('when the node is stopped and started, then it is seen as stopped and then open', async () => {
    await startKubelet()
    node = 'stopped'
    const { channel, states } = open()
    await expect(channel.view()).rejects.toMatchObject({ kind: 'Unavailable', details: { reason: 'NodeStopped' } })
    node = 'running'
    await expect.poll(() => states.at(-1)).toEqual({ state: 'open' })
    expect(await channel.kubelet()).toMatchObject({ nodeName: 'node01' })
  })

  it('when the channel is disposed, then watches, waiters and relays end', async () => {
    await startKubelet()
    const { channel } = open()
    const views = recorder<ChannelView>()
    channel.watchView((view) => views.say(view))
    await views.until((all) => all.length === 1)
    await channel.dispose()
    await expect.poll(() => source.listeners).toBe(0)
    expect(relays.every((socket) => socket.destroyed)).toBe(true)
    await expect(channel.kubelet()).rejects.toMatchObject({ kind: 'Unavailable' })
  })
})
