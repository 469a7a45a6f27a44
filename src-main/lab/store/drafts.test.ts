import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../base/clock.ts'
import { silentLogger } from '../../base/logger.ts'
import { newDraftName, sweepDrafts } from './drafts.ts'

const UUID = '6d0a3c1e-5b7f-4c2d-8e9f-0123456789ab'
const OTHER_BOOT = `${UUID}.17`
/** More than any system counts to. */
const NO_PID = 5_000_000
const SOURCES = path.resolve(import.meta.dirname, '..')
const BOOT = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
let folder = ''

beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'drafts-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const sweep = (goesInto?: (folder: string) => boolean): Promise<void> =>
  sweepDrafts({ clock: systemClock(), logger: silentLogger }, folder, goesInto)

function put(name: string, ageMinutes = 0): void {
  const file = path.join(folder, name)
  writeFileSync(file, 'apiVersion: v1\n')
  const seconds = Date.now() / 1000 - ageMinutes * 60
  utimesSync(file, seconds, seconds)
}

/** A process that writes a file in the folder again and again. */
async function startWriter(): Promise<{ kill(): Promise<void> }> {
  const program = `
    import { writeAtomically } from '${SOURCES}/store/write-atomically.ts'
    const content = 'x'.repeat(4_000_000)
    for (;;) await writeAtomically('${folder}/web.yaml', content)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], { stdio: 'inherit' })
  const ended = once(child, 'exit')
  await expect.poll(() => readdirSync(folder).some((name) => name.startsWith('.node-lab-'))).toBe(true)
  return {
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

const drafts = (): string[] => readdirSync(folder).filter((name) => name.startsWith('.node-lab-'))

describe('given a process that was killed between writing a file and renaming it', () => {
  it('when its folder is swept, then its draft goes, and the file is whole', async () => {
    for (let attempt = 0; drafts().length === 0; attempt += 1) {
      expect(attempt).toBeLessThan(20)
      await (await startWriter()).kill()
    }
    await sweep()
    expect(drafts()).toEqual([])
  })
})

describe('given drafts in a folder', () => {
  it('when their writer lives, then they stay, however old they are', async () => {
    const own = await newDraftName()
    put(own, 60)
    await sweep()
    expect(readdirSync(folder)).toEqual([own])
  })

  it('when its pid is that of another process by now, then the draft goes', async () => {
    const earlier = (await newDraftName()).replace(/\.\d+(?=\.\d+$)/, '.1')
    put(earlier)
    await sweep()
    expect(readdirSync(folder)).toEqual([])
  })

  it.each([
    ['of another boot or machine', `.node-lab-${UUID}.${process.pid}.${OTHER_BOOT}`],
    ['of an earlier version, without a process', `.node-lab-${UUID}`],
    ['of a dead process of which nothing else is known', `.node-lab-${UUID}.${NO_PID}`],
    ['of a process that may live in another container', `.node-lab-${UUID}.${NO_PID}.${BOOT}.17.4242`],
    ['of a process whose container is not known', `.node-lab-${UUID}.${NO_PID}.${BOOT}.17`],
  ])('when one is %s, then it goes after ten minutes, and not before', async (_what, name) => {
    put(name, 9)
    await sweep()
    expect(readdirSync(folder)).toEqual([name])
    put(name, 11)
    await sweep()
    expect(readdirSync(folder)).toEqual([])
  })

  it('when files of others have such a beginning, then they stay, and so do links and folders of that name', async () => {
    const names = [
      '.node-lab-notes',
      `.node-lab-${UUID}.yaml`,
      `.node-lab-${UUID}.1.yaml`,
      `node-lab-${UUID}`,
      'web.yaml',
    ]
    for (const name of names) put(name, 60)
    symlinkSync('web.yaml', path.join(folder, `.node-lab-${UUID}`))
    mkdirSync(path.join(folder, `.node-lab-${UUID}.1`))
    const before = readdirSync(folder)
    await sweep()
    expect(readdirSync(folder)).toEqual(before)
  })

  it('when they lie deeper, then only folders that are named are looked into', async () => {
    for (const name of ['in', 'out']) {
      mkdirSync(path.join(folder, name))
      put(path.join(name, `.node-lab-${UUID}`), 60)
    }
    await sweep((place) => path.basename(place) === 'in')
    expect(readdirSync(path.join(folder, 'in'))).toEqual([])
    expect(readdirSync(path.join(folder, 'out'))).toHaveLength(1)
  })
})

it('given a folder that is not there, when it is swept, then nothing fails', async () => {
  await expect(
    sweepDrafts({ clock: systemClock(), logger: silentLogger }, path.join(folder, 'none')),
  ).resolves.toBeUndefined()
})
