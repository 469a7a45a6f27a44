import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

/** In place of npm: works until it is let go by the file `go`, and leaves what `npm ci` leaves. */
const NPM = `
const { appendFileSync, existsSync, mkdirSync, writeFileSync } = require('node:fs')
appendFileSync('installed.txt', 'once')
const timer = setInterval(() => {
  if (!existsSync('go')) return
  clearInterval(timer)
  mkdirSync('node_modules/.bin', { recursive: true })
  writeFileSync('node_modules/.bin/node', '')
  writeFileSync('node_modules/.bin/node.cmd', '')
  writeFileSync('node_modules/.package-lock.json', '{"packages":{}}')
}, 20)
`
const WAITING = 'Another command installs the dependencies'
let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'prepare-'))
  mkdirSync(join(root, 'scripts'))
  cpSync(join(import.meta.dirname, 'prepare.mjs'), join(root, 'scripts/prepare.mjs'))
  writeFileSync(join(root, 'package-lock.json'), '{"packages":{}}')
  writeFileSync(join(root, 'npm.cjs'), NPM)
})
afterEach(() => rmSync(root, { recursive: true }))

const letGo = (): void => writeFileSync(join(root, 'go'), '')

async function writeLockOfDead(): Promise<void> {
  const dead = spawn(process.execPath, ['-e', ''])
  await once(dead, 'exit')
  writeFileSync(join(root, '.install.lock'), String(dead.pid))
}

/** @param onSaid told all that it has said so far */
async function prepare(onSaid: (said: string) => void = () => undefined): Promise<{ exitCode: number; said: string }> {
  const child = spawn(process.execPath, [join(root, 'scripts/prepare.mjs')], {
    env: { ...process.env, npm_execpath: join(root, 'npm.cjs') },
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
    onSaid(said)
  })
  const [exitCode] = (await once(child, 'close')) as [number]
  return { exitCode, said }
}

it('given no dependencies, when two commands begin at once, then one installs them and the other waits', async () => {
  const letGoWhenOneWaits = (said: string): void => {
    if (said.includes(WAITING)) letGo()
  }
  const both = await Promise.all([prepare(letGoWhenOneWaits), prepare(letGoWhenOneWaits)])
  expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0])
  expect(readFileSync(join(root, 'installed.txt'), 'utf8')).toBe('once')
  expect(both.map(({ said }) => said).join('')).toContain(WAITING)
  expect(existsSync(join(root, '.install.lock'))).toBe(false)
})

it('given the lock of a command that was killed, when another begins, then it installs', async () => {
  await writeLockOfDead()
  letGo()
  expect((await prepare()).exitCode).toBe(0)
  expect(readFileSync(join(root, 'installed.txt'), 'utf8')).toBe('once')
})

it('given the lock of a command that was killed, when several begin at once, then one of them installs, and no lock is left', async () => {
  await writeLockOfDead()
  let waiting = 0
  const countWaiting = (): ((said: string) => void) => {
    let isTold = false
    return (said) => {
      if (isTold || !said.includes(WAITING)) return
      isTold = true
      if (++waiting === 3) letGo()
    }
  }
  const all = await Promise.all(Array.from({ length: 4 }, () => prepare(countWaiting())))
  expect(all.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0])
  expect(readFileSync(join(root, 'installed.txt'), 'utf8')).toBe('once')
  expect(readdirSync(root).filter((name) => name.startsWith('.install.lock'))).toEqual([])
})
