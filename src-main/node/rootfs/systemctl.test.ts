import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOTFS = path.resolve(import.meta.dirname, '../../../resources/images/node/rootfs')
const PARTS = [
  'bin/systemctl',
  ...['parser.sh', 'state.sh', 'status.sh', 'edit.sh', 'keys'].map((name) => `lib/node-lab/unit-${name}`),
]

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'systemctl-'))
  for (const part of PARTS) {
    const text = readFileSync(path.join(ROOTFS, 'usr', part), 'utf8')
    // With its parts and the units in this folder, so that nothing is asked of this machine.
    const here = text
      .replaceAll('/usr/lib/node-lab/', `${folder}/`)
      .replaceAll(/\/(etc|run|usr\/lib)(?=\/systemd\/)/g, folder)
    writeFileSync(path.join(folder, path.basename(part)), here)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

function systemctl(...words: string[]): string {
  const { stdout, stderr } = spawnSync('bash', ['--norc', path.join(folder, 'systemctl'), ...words], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return stdout
}

describe('what is quiet', () => {
  it('given a question, then it answers by its exit code only', () => {
    expect(systemctl('is-system-running')).toBe('running\n')
    expect(systemctl('is-system-running', '-q')).toBe('')
  })

  it.each(['list-jobs', 'list-timers', 'list-sockets', 'list-units'])(
    'given the empty list of %s, then it prints nothing, unless its legend is asked for',
    (verb) => {
      const words = [verb, ...(verb === 'list-units' ? ['none-like-this'] : [])]
      const whole = systemctl(...words)
      expect(whole).not.toBe('')
      for (const option of ['-q', '--quiet', '--no-legend', '--legend=no']) expect(systemctl(...words, option)).toBe('')
      expect(systemctl(...words, '-q', '--legend=yes')).toBe(whole)
    },
  )
})
