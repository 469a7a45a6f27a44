import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { SimulatedRuntime } from '../../container-runtime/simulated/simulated-runtime.ts'
import { aContainerConfig, aPodSandboxConfig } from '../../container-runtime/testing/configs.ts'
import { runCrictl } from './crictl.ts'
import { formatAge, formatSize } from './crictl-format.ts'

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
  const crictl = async (...argv: string[]) => {
    let out = ''
    let err = ''
    const code = await runCrictl(argv, {
      connect: () => ({ runtime, images: runtime.images }),
      clock,
      stdout: (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString()),
      stderr: (text) => void (err += typeof text === 'string' ? text : Buffer.from(text).toString()),
      signal: new AbortController().signal,
    })
    return { code, out, err }
  }
  return { runtime, sandbox, first, second, crictl }
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
