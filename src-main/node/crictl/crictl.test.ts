import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { SimulatedRuntime } from '../../container-runtime/simulated/simulated-runtime.ts'
import { aContainerConfig, aPodSandboxConfig } from '../../container-runtime/testing/configs.ts'
import { toDisposable } from '../../base/disposable.ts'
import { runCrictl, type CrictlContext } from './crictl.ts'
import { formatAge, formatSize } from './crictl-format.ts'
import { computeCpuPercent } from './crictl-stats.ts'
import type { Terminal } from './crictl-streams.ts'

class FakeTerminal implements Terminal {
  isTerminal = true
  isRaw = false
  readonly input = (async function* () {
    await Promise.resolve()
    yield Buffer.from('typed')
  })()
  makeRaw() {
    this.isRaw = true
    return toDisposable(() => void (this.isRaw = false))
  }
  watchSize(): void {}
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'crictl-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function setUp() {
  const clock = new FakeClock()
  const runtime = new SimulatedRuntime({ clock, images: [{ reference: 'busybox:1.36', present: true }] })
  const sandboxConfig = aPodSandboxConfig()
  sandboxConfig.logDirectory = folder
  const sandbox = await runtime.runPodSandbox(sandboxConfig)
  const first = await runtime.createContainer(sandbox, aContainerConfig({ attempt: 0 }), sandboxConfig)
  await runtime.startContainer(first)
  runtime.exitContainer(first)
  await clock.advance(60_000)
  const second = await runtime.createContainer(sandbox, aContainerConfig({ attempt: 1 }), sandboxConfig)
  await runtime.startContainer(second)
  await clock.advance(120_000)
  const terminal = new FakeTerminal()
  const streamed: { url: string; input: string; hasSize: boolean; wasRaw: boolean }[] = []
  const runRemoteCommand: CrictlContext['runRemoteCommand'] = async (url, streams) => {
    let input = ''
    for await (const chunk of streams.stdin ?? []) input += Buffer.from(chunk).toString()
    streamed.push({ url, input, hasSize: streams.watchSize !== undefined, wasRaw: terminal.isRaw })
    streams.stdout(Buffer.from('hello'))
    return 7
  }
  const crictl = async (...argv: string[]) => {
    let out = ''
    let err = ''
    const code = await runCrictl(argv, {
      connect: () => ({ runtime, images: runtime.images }),
      clock,
      terminal,
      runRemoteCommand,
      forwardPort: () => Promise.reject(new Error('not in this test')),
      stdout: (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString()),
      stderr: (text) => void (err += typeof text === 'string' ? text : Buffer.from(text).toString()),
      signal: new AbortController().signal,
    })
    return { code, out, err }
  }
  return { clock, runtime, sandbox, first, second, crictl, terminal, streamed }
}

describe('given a node with a pod whose container was restarted', () => {
  it('when containers are listed, then the running one, or with -a both, the newest first', async () => {
    const { crictl, first, second } = await setUp()
    const running = (await crictl('ps')).out.split('\n')
    expect(running[0]?.split(/ {2,}/)).toEqual([
      'CONTAINER',
      'IMAGE',
      'CREATED',
      'STATE',
      'NAME',
      'ATTEMPT',
      'POD ID',
      'POD',
      'NAMESPACE',
    ])
    expect(running).toHaveLength(3)
    expect(running[1]).toContain('2 minutes ago')
    expect(running[1]).toContain('Running')
    expect((await crictl('ps', '-aq')).out).toBe(`${second}\n${first}\n`)
    expect((await crictl('ps', '--state', 'exited', '-q')).out).toBe(`${first}\n`)
    expect((await crictl('ps', '-q', '--name', 'nobody')).out).toBe('')
  })

  it('when pods and their details are asked for, then ids may be short and integers are whole', async () => {
    const { crictl, sandbox, second } = await setUp()
    expect((await crictl('pods')).out).toContain('Ready')
    expect((await crictl('pods', '-q')).out).toBe(`${sandbox}\n`)
    const details = await crictl('inspect', second)
    expect(JSON.parse(details.out)).toMatchObject({ status: { id: second, state: 'CONTAINER_RUNNING' } })
    expect(JSON.parse((await crictl('inspectp', sandbox)).out)).toMatchObject({ status: { id: sandbox } })
  })

  it('when a log is read, then it is that of the container’s file', async () => {
    const { crictl, runtime, second } = await setUp()
    const { logPath } = await runtime.containerStatus(second)
    expect(logPath.startsWith(folder)).toBe(true)
    mkdirSync(path.dirname(logPath), { recursive: true })
    writeFileSync(logPath, '2026-01-01T00:00:00Z stdout F one\n2026-01-01T00:00:00Z stdout F two\n')
    expect(await crictl('logs', '--tail=1', second)).toEqual({ code: 0, out: 'two\n', err: '' })
  })

  it('when a container is stopped and removed, then the runtime is told so, but not while it runs', async () => {
    const { crictl, runtime, second } = await setUp()
    const refused = await crictl('rm', second)
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toContain('is running, please stop it first')
    const removed = await crictl('rm', '-f', second)
    expect(removed).toEqual({ code: 0, out: `${second}\n`, err: '' })
    expect(runtime.population.containers).toBe(1)
  })
})

describe('given a container to be joined', () => {
  it('when a shell is run with -it, then the terminal is raw while it lasts, and the exit code is the shell’s', async () => {
    const { runtime, second, crictl, terminal, streamed } = await setUp()
    const requests: unknown[] = []
    runtime.exec = (request) => {
      requests.push(request)
      return Promise.resolve('ws+unix:///s.sock:/exec/1')
    }
    expect(await crictl('exec', '-it', second, 'sh', '-c', 'id')).toEqual({ code: 7, out: 'hello', err: '' })
    const streams = { tty: true, stdin: true, stdout: true, stderr: false }
    expect(requests).toEqual([{ containerId: second, cmd: ['sh', '-c', 'id'], ...streams }])
    expect(streamed).toEqual([{ url: 'ws+unix:///s.sock:/exec/1', input: 'typed', hasSize: true, wasRaw: true }])
    expect(terminal.isRaw).toBe(false)
  })

  it('when input comes from a pipe, then nothing is raw and both outputs are asked for', async () => {
    const { runtime, second, crictl, terminal, streamed } = await setUp()
    terminal.isTerminal = false
    const requests: unknown[] = []
    runtime.attach = (request) => {
      requests.push(request)
      return Promise.resolve('ws+unix:///s.sock:/attach/1')
    }
    await crictl('attach', '-i', second)
    await crictl('attach', second)
    const streams = { containerId: second, tty: false, stdout: true, stderr: true }
    expect(requests).toEqual([
      { ...streams, stdin: true },
      { ...streams, stdin: false },
    ])
    expect(streamed.map(({ input, hasSize, wasRaw }) => [input, hasSize, wasRaw])).toEqual([
      ['typed', false, false],
      ['', false, false],
    ])
  })

  it('when the runtime has no streams, then it is said', async () => {
    const { second, crictl } = await setUp()
    expect((await crictl('exec', '-i', second, 'cat')).err).toContain('code = Unimplemented')
  })
})

describe('given containers that use something', () => {
  it('when it is measured, then over a second, for containers and for pods', async () => {
    const { clock, runtime, sandbox, second, crictl } = await setUp()
    runtime.behave('busy', { usage: { cores: 0.5, memoryBytes: 5_000_000 } })
    const busy = await runtime.createContainer(sandbox, aContainerConfig({ name: 'busy' }), aPodSandboxConfig())
    await runtime.startContainer(busy)
    const measured = async (...argv: string[]) => {
      const answer = crictl(...argv)
      await clock.advance(1000)
      return (await answer).out
    }
    const rows = (await measured('stats'))
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/))
    expect(rows).toEqual([
      ['CONTAINER', 'NAME', 'CPU %', 'MEM', 'DISK'],
      [second.slice(0, 13), 'app', '0.00', '0B', '0B'],
      [busy.slice(0, 13), 'busy', '50.00', '5MB', '0B'],
    ])
    expect((await measured('stats', busy)).split('\n')).toHaveLength(3)
    expect(JSON.parse(await measured('stats', '-o', 'json', busy))).toMatchObject({
      stats: [{ attributes: { id: busy }, memory: { workingSetBytes: '5000000' } }],
    })
    expect((await measured('statsp')).split('\n')[1]).toMatch(/^web-node01 +\S+ +50\.00 +5MB$/)
  })

  it('given a counter that began anew, or no time between, then the rate is sound', () => {
    const at = (timestamp: bigint, usageCoreNanoSeconds: bigint) => ({ timestamp, usageCoreNanoSeconds })
    expect(computeCpuPercent(at(0n, 900n), at(1000n, 100n))).toBe(10)
    expect(computeCpuPercent(at(5n, 0n), at(5n, 100n))).toBe(0)
    expect(computeCpuPercent(undefined, at(5n, 100n))).toBe(0)
  })
})

describe('given bad words', () => {
  it.each([
    [['fly'], "No help topic for 'fly'"],
    [['inspect'], 'inspect needs an ID'],
    [['exec', 'x'], 'exec needs a container ID and a command'],
    [['logs', '--tail', 'many', 'x'], 'a whole number is wanted'],
    [['ps', '-o', 'xml'], 'unsupported output format "xml"'],
    [['ps', '--all', '--fast'], 'flag provided but not defined: --fast'],
    [['ps', '--name'], '--name needs a value'],
    [['inspect', 'nope'], 'rpc error: code = NotFound desc = could not find container "nope"'],
  ])('when it is %j, then it exits 1 and says why', async (argv, part) => {
    const { crictl } = await setUp()
    const result = await crictl(...argv)
    expect(result.code).toBe(1)
    expect(result.err).toContain(part)
  })

  it('when help is asked for, then it exits 0', async () => {
    const { crictl } = await setUp()
    expect((await crictl('--help')).code).toBe(0)
    expect((await crictl()).out).toContain('crictl ps')
  })
})

describe('given ages and sizes', () => {
  it.each([
    [500, 'Less than a second ago'],
    [1500, '1 second ago'],
    [59_000, '59 seconds ago'],
    [90_000, 'About a minute ago'],
    [600_000, '10 minutes ago'],
    [3_600_000, 'About an hour ago'],
    [10_800_000, '3 hours ago'],
    [259_200_000, '3 days ago'],
  ])('when it is %d ms old, then it is %s', (age, text) => {
    expect(formatAge(0, age)).toBe(text)
  })

  it('when a size is shown, then in decimal units', () => {
    expect([999, 1000, 4_270_000, 187_700_000, 2_500_000_000].map(formatSize)).toEqual([
      '999B',
      '1kB',
      '4.27MB',
      '188MB',
      '2.5GB',
    ])
  })
})
