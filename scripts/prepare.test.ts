import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

/** In place of npm: takes its time, and leaves what `npm ci` leaves. */
const NPM = `
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs')
appendFileSync('installed.txt', 'once')
setTimeout(() => {
  mkdirSync('node_modules/.bin', { recursive: true })
  writeFileSync('node_modules/.bin/node', '')
  writeFileSync('node_modules/.bin/node.cmd', '')
  writeFileSync('node_modules/.package-lock.json', '{"packages":{}}')
}, 300)
`
let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'prepare-'))
  mkdirSync(join(root, 'scripts'))
  cpSync(join(import.meta.dirname, 'prepare.mjs'), join(root, 'scripts/prepare.mjs'))
  writeFileSync(join(root, 'package-lock.json'), '{"packages":{}}')
  writeFileSync(join(root, 'npm.cjs'), NPM)
})
afterEach(() => rmSync(root, { recursive: true }))

async function prepare(): Promise<{ exitCode: number; said: string }> {
  const child = spawn(process.execPath, [join(root, 'scripts/prepare.mjs')], {
    env: { ...process.env, npm_execpath: join(root, 'npm.cjs') },
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const [exitCode] = (await once(child, 'close')) as [number]
  return { exitCode, said }
}

it('given no dependencies, when two commands begin at once, then one installs them and the other waits', async () => {
  const both = await Promise.all([prepare(), prepare()])
  expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0])
  expect(readFileSync(join(root, 'installed.txt'), 'utf8')).toBe('once')
  expect(both.map(({ said }) => said).join('')).toContain('Another command installs the dependencies')
  expect(existsSync(join(root, '.install.lock'))).toBe(false)
})

it('given the lock of a command that was killed, when another begins, then it installs', async () => {
  const dead = spawn(process.execPath, ['-e', ''])
  await once(dead, 'exit')
  writeFileSync(join(root, '.install.lock'), String(dead.pid))
  expect((await prepare()).exitCode).toBe(0)
  expect(readFileSync(join(root, 'installed.txt'), 'utf8')).toBe('once')
})
