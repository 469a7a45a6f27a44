import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../base/clock.ts'
import { silentLogger } from '../../base/logger.ts'
import type { SettingsState } from '../../common/settings/settings.ts'
import { openSettingsFile, type SettingsFile } from './settings-file.ts'

let home: string
let file: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'node-lab-settings-'))
  file = join(home, 'settings.json')
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function open(platform = 'linux'): Promise<SettingsFile> {
  return openSettingsFile({ home, clock: systemClock(), logger: silentLogger, platform })
}

/** The first state that `is` what was waited for, from a watch that is open already. */
function stateThat(settings: SettingsFile, is: (state: SettingsState) => boolean): Promise<SettingsState> {
  return new Promise((resolve) => {
    const listening = settings.onChange((state) => {
      if (!is(state)) return
      void listening.dispose()
      resolve(state)
    })
  })
}

describe('settings file', () => {
  it('given no file, when read, then defaults of the platform count and no file is made', async () => {
    expect((await open('linux')).state).toMatchObject({ settings: { theme: 'system', closeToTray: false }, chosen: [] })
    expect((await open('darwin')).state.settings.closeToTray).toBe(true)
    expect(readdirSync(home)).toEqual([])
  })

  it('given keys that are not known, when a setting is written, then they stay and are warned of with their place', async () => {
    writeFileSync(file, '{\n  "them": "dark",\n  "zoomLevel": 9,\n  "extra": { "__proto__": 1 }\n}\n')
    const settings = await open()
    expect(settings.state).toMatchObject({
      settings: { zoomLevel: 0 },
      problems: [
        { kind: 'unknown-key', key: 'them', line: 2, column: 3, suggestion: 'theme' },
        { kind: 'invalid-value', key: 'zoomLevel', line: 3, column: 16 },
        { kind: 'unknown-key', key: 'extra', line: 4 },
      ],
    })
    await settings.write({ theme: 'light', zoomLevel: null })
    expect(readFileSync(file, 'utf8')).toBe(
      '{\n  "them": "dark",\n  "extra": {\n    "__proto__": 1\n  },\n  "theme": "light"\n}\n',
    )
    expect(readdirSync(home).toSorted()).toEqual(['locks', 'settings.json'])
  })

  it('given a broken file, when written, then it is a Conflict with line and column, and nothing has changed', async () => {
    const broken = '{\n  "theme": "dark"\n  "tray": false\n}\n'
    writeFileSync(file, broken)
    const settings = await open()
    expect(settings.state.problems).toEqual([{ kind: 'syntax', line: 3, column: 3 }])
    await expect(settings.write({ theme: 'light' })).rejects.toMatchObject({
      kind: 'Conflict',
      message: `${file}:3:3: this is not valid JSON`,
    })
    expect(readFileSync(file, 'utf8')).toBe(broken)
  })

  it('given a broken file, when it may be replaced, then it is kept beside the new one', async () => {
    writeFileSync(file, '[]')
    const settings = await open()
    expect(await settings.write({ tray: false }, true)).toMatchObject({ settings: { tray: false }, problems: [] })
    const aside = readdirSync(home).find((name) => name.startsWith('settings.json.broken-'))
    expect(readFileSync(join(home, aside ?? 'none'), 'utf8')).toBe('[]')
  })

  it('given a window that watches, when the file is edited, breaks and is mended, then what counts follows at once', async () => {
    const settings = await open()
    const dark = stateThat(settings, (state) => state.settings.theme === 'dark')
    writeFileSync(file, '{ "theme": "dark" }')
    await dark
    const broken = stateThat(settings, ({ problems }) => problems.length > 0)
    writeFileSync(file, '{ "theme": "li')
    expect((await broken).settings.theme).toBe('dark')
    const mended = stateThat(settings, ({ problems }) => problems.length === 0)
    writeFileSync(file, '{ "theme": "light" }')
    expect((await mended).settings.theme).toBe('light')
  })

  it('given two windows that write different settings at once, when both have ended, then both are there', async () => {
    const [one, other] = [await open(), await open()]
    await Promise.all([one.write({ theme: 'dark' }), other.write({ zoomLevel: -1 }), one.write({ presenter: true })])
    expect((await one.read()).settings).toMatchObject({ theme: 'dark', zoomLevel: -1, presenter: true })
  })

  it('given a link to a file elsewhere, when written, then the link stays and the file has it', async () => {
    const elsewhere = join(home, 'dotfiles')
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'node-lab.json'), '{}')
    symlinkSync(join(elsewhere, 'node-lab.json'), file)
    await (await open()).write({ locale: 'ko' })
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
    expect(readFileSync(join(elsewhere, 'node-lab.json'), 'utf8')).toContain('"locale": "ko"')
  })

  it('given a folder in its place, when read and written, then both say so', async () => {
    mkdirSync(file)
    const settings = await open()
    expect(settings.state.problems).toMatchObject([{ kind: 'unreadable' }])
    await expect(settings.write({ tray: false })).rejects.toMatchObject({ kind: 'Conflict' })
  })
})
