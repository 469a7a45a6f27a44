/** Container logs on the real engine: byte for byte what the engine has, whatever happens to the service and the files. */
import { appendFile, readFile, rename, stat, truncate } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readOpenFiles } from '../../testing/random-calls/engine-world.ts'
import { EngineNode } from '../../testing/engine-node.ts'
import { exited, logFile, reconnected, startPod } from '../../testing/engine-pods.ts'
import type { StartedPod } from '../../testing/engine-pods.ts'
import { formatLogEntries } from './cri-log-format.ts'
import { EngineLogParser } from './engine-log-parser.ts'

let node: EngineNode

beforeAll(async () => {
  node = await EngineNode.start()
})
afterAll(() => node.dispose())

/** All that the engine has of a container, as a log file should have it. */
async function engineLog({ containerId }: StartedPod, tty: boolean): Promise<string> {
  const query = { stdout: true, stderr: true, timestamps: true }
  const stream = await node.engine.stream(`/containers/${containerId}/logs`, { query })
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  const entries = new EngineLogParser({ tty }).push(Buffer.concat(chunks))
  return formatLogEntries(entries).toString('latin1')
}

async function readLogs(paths: readonly string[]): Promise<string> {
  // A file that is not there yet has no lines.
  const contents = await Promise.all(paths.map((path) => readFile(path, 'latin1').catch(() => '')))
  return contents.join('')
}

/** Where two texts part, so that a failure does not print megabytes. */
function firstDifference(left: string, right: string): string {
  if (left === right) return 'none'
  let at = 0
  while (left[at] === right[at]) at++
  return `at ${at} of ${left.length} and ${right.length}: ${left.slice(at - 80, at + 80)} | ${right.slice(at - 80, at + 80)}`
}

async function expectSameLog(started: StartedPod, paths: readonly string[], tty = false): Promise<string> {
  await exited(node, started.containerId)
  const expected = await engineLog(started, tty)
  await expect
    .poll(async () => firstDifference(await readLogs(paths), expected), { timeout: 20_000, interval: 100 })
    .toBe('none')
  return expected
}

async function killAndRestart(downMs = 0): Promise<void> {
  await node.killService('SIGKILL')
  await new Promise((resolve) => setTimeout(resolve, downMs))
  await node.startService()
}

/** Until the log has so many bytes more. */
async function grown(path: string, bytes: number): Promise<void> {
  const sizeOf = async (): Promise<number> => (await stat(path).catch(() => ({ size: 0 }))).size
  const before = await sizeOf()
  await expect.poll(sizeOf, { timeout: 20_000, interval: 5 }).toBeGreaterThanOrEqual(before + bytes)
}

/** A line of stdout that takes long, in parts, while stderr goes on: the engine's stamps are not in order. */
const SLOW_PARTS = `i=0; while [ $i -lt 90 ]; do printf "%09000d" $i; echo "err $i" >&2; echo "and $i" >&2; sleep 0.1; i=$((i+1)); done
  echo; echo end; printf 'no line end'`

describe('a log that is resumed', () => {
  it('given parts of a slow line between lines of the other stream, when the service is killed again and again, then the log is the engine’s', async () => {
    const started = await startPod(node, SLOW_PARTS)
    const path = logFile(node, started)
    for (const bytes of [1, 18_000, 18_000]) {
      await grown(path, bytes)
      await killAndRestart()
    }
    await reconnected(node)
    const log = await expectSameLog(started, [path])
    expect(log.match(/ stdout P /g)?.length).toBeGreaterThan(10)
    await node.cri.runtime.removePodSandbox(started.sandboxId)
  })

  it('given one line of a megabyte, all of one stamp, when the service is killed within, then the log is the engine’s', async () => {
    const started = await startPod(
      node,
      'i=0; while [ $i -lt 64 ]; do printf "%016384d" $i; i=$((i+1)); sleep 0.02; done; echo',
    )
    const path = logFile(node, started)
    for (const bytes of [300_000, 300_000]) {
      await grown(path, bytes)
      await killAndRestart()
    }
    await reconnected(node)
    expect((await expectSameLog(started, [path])).length).toBeGreaterThan(1_000_000)
    await node.cri.runtime.removePodSandbox(started.sandboxId)
  })

  it('given a terminal with a long line, when the service is killed, then no stamp is taken for text and the log is the engine’s', async () => {
    const started = await startPod(node, 'printf "%050000d" 0; echo; sleep 1; printf "%050000d" 0; echo; echo end', {
      tty: true,
    })
    const path = logFile(node, started)
    await grown(path, 50_000)
    await killAndRestart()
    await reconnected(node)
    const log = await expectSameLog(started, [path], true)
    const texts = log.split('\n').map((line) => line.split(' ').slice(3).join(' '))
    expect(texts.join('')).toBe(`${'0'.repeat(50_000)}${'0'.repeat(50_000)}end`)
    await node.cri.runtime.removePodSandbox(started.sandboxId)
  })

  it('given rotations and kills in turn, with the death of the container unseen, then nothing is lost or doubled', async () => {
    const script =
      'i=0; while [ $i -lt 2000 ]; do echo "out $i"; echo "err $i" >&2; i=$((i+1)); [ $((i % 50)) = 0 ] && sleep 0.1; done'
    const started = await startPod(node, script)
    const path = logFile(node, started)
    const rotated: string[] = []
    for (let round = 0; round < 3; round++) {
      await grown(path, 5000)
      const to = `${path}.20260101-00000${round}`
      await rename(path, to)
      rotated.push(to)
      if (round === 1) await killAndRestart()
      await reconnected(node)
      await node.cri.runtime.reopenContainerLog(started.containerId)
      await killAndRestart(round === 2 ? 6000 : 0)
    }
    await reconnected(node)
    await expectSameLog(started, [...rotated, path])
    await node.cri.runtime.removePodSandbox(started.sandboxId)
  })

  it('given writes that the disk has cut, and a line that somebody else began, when the service comes back, then each line is there once', async () => {
    const script = 'i=0; while [ $i -lt 100 ]; do echo "a line of some length $i"; sleep 0.1; i=$((i+1)); done'
    const started = await startPod(node, script)
    const path = logFile(node, started)
    // A line end, half a text, half a stamp, and nothing of what is there.
    for (const missingBytes of [1, 10, 55, 0]) {
      await grown(path, 100)
      await node.killService('SIGKILL')
      await truncate(path, (await stat(path)).size - missingBytes)
      if (missingBytes === 0) await appendFile(path, '2026-01-01T00:00')
      await node.startService()
    }
    await reconnected(node)
    await expectSameLog(started, [path])
    await node.cri.runtime.removePodSandbox(started.sandboxId)
  })
})

describe('a burst', () => {
  it('given 16 MB at once, then all of it is written, and no file stays open after its container', async () => {
    const line = 'x'.repeat(1000)
    const started = await startPod(node, `i=0; while [ $i -lt 16000 ]; do echo "$i ${line}"; i=$((i+1)); done`)
    const path = logFile(node, started)
    await exited(node, started.containerId)
    await expect.poll(async () => (await stat(path)).size, { timeout: 60_000 }).toBeGreaterThan(16_000_000)
    await expectSameLog(started, [path])
    await expect.poll(async () => (await readOpenFiles(node.servicePid)).logs, { timeout: 20_000 }).toEqual([])
    await node.cri.runtime.removePodSandbox(started.sandboxId)
  })
})
