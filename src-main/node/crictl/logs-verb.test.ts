import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseSince } from './logs-verb.ts'
import { setUpCrictl } from './testing/set-up-crictl.ts'

describe('given a container with a log', () => {
  it('when a log is read, then it is that of the container’s file', async () => {
    const { crictl, runtime, second, folder } = await setUpCrictl()
    const { logPath } = await runtime.containerStatus(second)
    expect(logPath.startsWith(folder)).toBe(true)
    mkdirSync(path.dirname(logPath), { recursive: true })
    writeFileSync(logPath, '2026-01-01T00:00:00Z stdout F one\n2026-01-01T00:00:00Z stdout F two\n')
    expect(await crictl('logs', '--tail=1', second)).toEqual({ code: 0, out: 'two\n', err: '' })
  })
})

describe('given a log with both streams', () => {
  async function setUpLog() {
    const world = await setUpCrictl()
    const { logPath } = await world.runtime.containerStatus(world.second)
    mkdirSync(path.dirname(logPath), { recursive: true })
    const lines = ['00:00:00Z stdout F one', '00:10:00Z stderr F two', '00:20:00Z stdout F three']
    writeFileSync(logPath, lines.map((line) => `2026-01-01T${line}\n`).join(''))
    writeFileSync(path.join(path.dirname(logPath), '0.log'), '2026-01-01T00:00:00Z stdout F before\n')
    return world
  }

  it.each([
    [['--since', '2026-01-01T00:10:00Z'], 'two\nthree\n'],
    [['--since', '2026-01-01T00:20:00'], 'three\n'],
    [['-t', '--tail', '1'], '2026-01-01T00:20:00Z three\n'],
    [['--limit-bytes', '5'], 'one\nt'],
    [['--stream', 'stderr'], 'two\n'],
    [['-p'], 'before\n'],
    [['-r', '--tail=1'], 'three\n'],
  ])('when it is read with %j, then it is that part', async (options, text) => {
    const { crictl, second } = await setUpLog()
    expect(await crictl('logs', ...options, second)).toMatchObject({ code: 0, out: text })
  })

  it('when the first attempt is asked for what was before, or options stand behind the id, then it is told', async () => {
    const { crictl, first, second } = await setUpLog()
    expect((await crictl('logs', '-p', first)).err).toContain('previous terminated container app not found')
    expect((await crictl('logs', second, '--tail', '1')).out).toContain('crictl logs [command options] CONTAINER-ID')
    expect((await crictl('logs', '--since', 'soon', second)).err).toContain('failed to parse value as time or duration')
  })

  it('when time is relative, then it is counted back from now', () => {
    expect(parseSince('1h30m', Date.parse('2026-01-01T02:00:00Z'))).toBe('2026-01-01T00:30:00.000Z')
  })
})
