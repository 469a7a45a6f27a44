import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../base/clock.ts'
import { silentLogger } from '../../base/logger.ts'
import type { EngineExecOptions } from '../engine/engine.ts'
import { watchClient, type ClientWatch } from './client-watch.ts'

let folder = ''
let asked: EngineExecOptions | undefined
let watching: ChildProcessByStdio<Writable, Readable, Readable> | undefined

beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'client-watch-'))))
afterEach(() => {
  watching?.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** Beside this process, with the machine's `sh`: no marked command is there, since none comes from outside. */
function watch(): Promise<ClientWatch> {
  const exec = (_container: string, options: EngineExecOptions): Promise<never> => {
    asked = options
    const [program = '', ...words] = options.command
    const child = spawn(program, words, {
      env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, ...options.environment },
      stdio: 'pipe',
    })
    watching = child
    const exit = once(child, 'exit').then(([code]) => code as number)
    const { stdin, stdout, stderr } = child
    // All of it comes at once, as from a busy engine.
    stdin.cork()
    return Promise.resolve({ stdin, stdout, stderr, exit } as never)
  }
  return watchClient({ engine: { exec }, clock: systemClock(), logger: silentLogger, container: 'c', tty: true })
}

/** It notes each wait, and takes no time. */
function putSleep(knows: string): void {
  const file = path.join(folder, 'sleep')
  writeFileSync(file, `#!/bin/sh\necho "$1" >>'${folder}/waits'\ncase $1 in ${knows}) ;; *) exit 1 ;; esac\n`)
  chmodSync(file, 0o755)
}

function countWaits(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const wait of readFileSync(path.join(folder, 'waits'), 'utf8').trim().split('\n'))
    counts[wait] = (counts[wait] ?? 0) + 1
  return counts
}

describe('given a command that is watched', () => {
  it('when it ends at once, then so does its watch, which looks for nothing', async () => {
    putSleep('*')
    await (await watch()).release()
    if (watching !== undefined) await once(watching, 'exit')
    expect(() => countWaits()).toThrow('ENOENT')
  })

  it('when processes are listed, then its mark is not seen', async () => {
    const { environment, release } = await watch()
    const [mark = ''] = Object.values(environment)
    expect(mark).toHaveLength(22)
    expect(JSON.stringify(asked)).not.toContain(mark)
    await release()
  })

  it.each([
    ['whole seconds only', '1', { '0.2': 20, '1': 20 }],
    ['nothing', 'none', { '0.2': 1, '1': 1 }],
  ])(
    'when its client goes before it has begun and sleep knows %s, then it is looked for as long as that allows',
    async (_what, knows, waits) => {
      putSleep(knows)
      await (await watch()).hangUp()
      if (watching?.exitCode === null) await once(watching, 'exit')
      expect(countWaits()).toEqual(waits)
    },
  )
})
