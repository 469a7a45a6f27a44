import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../base/clock.ts'
import { silentLogger } from '../../base/logger.ts'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { HomeLayout } from '../store/home.ts'
import { ActionJournal } from './action-journal.ts'

const CAP_BYTES = 4096
const SOURCES = path.resolve(import.meta.dirname, '../..')

interface Writer {
  ended: Promise<unknown>
  kill(): void
}

const writers: Writer[] = []
let home = ''
let layout = new HomeLayout('/')
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'journal-'))
  layout = new HomeLayout(home)
  mkdirSync(layout.labFolder('default'), { recursive: true })
})
afterEach(async () => {
  for (const { kill, ended } of writers.splice(0)) {
    kill()
    await ended
  }
  rmSync(home, { recursive: true, force: true })
})

function newJournal(clock = systemClock(), maxFileBytes?: number): ActionJournal {
  return new ActionJournal({ clock, logger: silentLogger, layout, ...(maxFileBytes !== undefined && { maxFileBytes }) })
}

const draft = { lab: 'default', kind: 'KubeletStopped', node: 'node01' } as const

/** Another process that records `count` actions of its own, as fast as it can. */
function startWriter(component: string, count: number, maxFileBytes = 512 * 1024): Writer {
  const program = `
    import { ActionJournal } from '${SOURCES}/lab/journal/action-journal.ts'
    import { HomeLayout } from '${SOURCES}/lab/store/home.ts'
    import { systemClock } from '${SOURCES}/base/clock.ts'
    import { silentLogger } from '${SOURCES}/base/logger.ts'
    const options = { clock: systemClock(), logger: silentLogger, maxFileBytes: ${maxFileBytes} }
    const journal = new ActionJournal({ ...options, layout: new HomeLayout(${JSON.stringify(home)}) })
    for (let number = 0; number < ${count}; number += 1) {
      await journal.write(journal.begin({ lab: 'default', kind: 'ComponentStopped', component: '${component}-' + number }))
    }
    await journal.dispose()`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], { stdio: 'inherit' })
  const writer = { ended: once(child, 'exit'), kill: () => void child.kill('SIGKILL') }
  writers.push(writer)
  return writer
}

describe('given the journal of a lab', () => {
  it('when actions are recorded, also within one millisecond, then another process lists them in the order of time', async () => {
    const journal = newJournal(new FakeClock())
    for (const node of ['node03', 'node01', 'node02']) await journal.write(journal.begin({ ...draft, node }))
    const listed = await newJournal().list('default')
    expect(listed.map(({ node }) => node)).toEqual(['node03', 'node01', 'node02'])
    expect(new Set(listed.map(({ id }) => id)).size).toBe(3)
  })

  it('when it was listed before, then what another process has written since is listed, too', async () => {
    const [journal, other] = [newJournal(), newJournal()]
    const first = journal.begin(draft)
    await journal.write(first)
    expect(await journal.list('default')).toEqual([first])
    const second = other.begin({ ...draft, node: 'node02' })
    await other.write(second)
    expect(await journal.list('default')).toEqual([first, second])
    expect(await journal.list('default')).toEqual([first, second])
  })

  it('when more is learned of an action, then it is listed once, as it was told last', async () => {
    const journal = newJournal()
    const action = journal.begin(draft)
    await journal.write(action)
    await journal.write({ ...action, failed: true })
    expect(await journal.list('default')).toEqual([{ ...action, failed: true }])
  })

  it('when lines are damaged, made up or of a kind from another version, then the others are listed', async () => {
    const journal = newJournal()
    const first = journal.begin(draft)
    await journal.write(first)
    appendFileSync(
      layout.actions('default'),
      '\0\0\0\n[1]\nnull\n{"id":"1","kind":"Danced","time":"2026-01-01T00:00:00Z"}\n',
    )
    appendFileSync(layout.actions('default'), '{"id":"0","kind":"NodeStopped","time":"soon"}\n{"id":"2","kind":"NodeSt')
    const last = journal.begin({ lab: 'default', kind: 'NodeStarted', node: 'node01' })
    await journal.write(last)
    expect(await journal.list('default')).toEqual([first, last])
  })

  it('when fields are not what they have to be, then the action is listed without them', async () => {
    mkdirSync(layout.journal('default'))
    const line = { id: '1', lab: 'other', kind: 'ContainerCrashed', time: '2026-01-01T00:00:00Z', node: 7, pod: 'web' }
    appendFileSync(layout.actions('default'), JSON.stringify(line))
    expect(await newJournal().list('default')).toEqual([
      { id: '1', lab: 'default', kind: 'ContainerCrashed', time: '2026-01-01T00:00:00Z' },
    ])
  })

  it('when several processes write at once and one is killed in the middle, then of the others nothing is lost', async () => {
    const others = ['one', 'two'].map((name) => startWriter(name, 200))
    const victim = startWriter('victim', 1_000_000)
    await expect.poll(() => readIfThere(layout.actions('default'))).toContain('victim-3')
    victim.kill()
    await Promise.all([victim, ...others].map(({ ended }) => ended))
    const components = (await newJournal().list('default')).map(({ component = '' }) => component)
    for (const name of ['one', 'two']) {
      const own = components.filter((component) => component.startsWith(`${name}-`))
      expect(own).toEqual(Array.from({ length: 200 }, (_, number) => `${name}-${number}`))
    }
  })

  it('when several processes fill it beyond its size, then the two files stay small and the latest actions are there', async () => {
    const three = ['one', 'two', 'three'].map((name) => startWriter(name, 100, CAP_BYTES))
    await Promise.all(three.map(({ ended }) => ended))
    for (const file of [layout.actions('default'), layout.olderActions('default')])
      expect(statSync(file).size).toBeLessThan(2 * CAP_BYTES)
    const components = (await newJournal().list('default')).map(({ component }) => component)
    expect(components.length).toBeGreaterThan(15)
    expect(['one-99', 'two-99', 'three-99']).toContain(components.at(-1))
  })

  it.runIf(existsSync('/dev/full'))(
    'when the disk is full, then that is told once, and no file stays open',
    async () => {
      mkdirSync(layout.journal('default'))
      symlinkSync('/dev/full', layout.actions('default'))
      const told: string[] = []
      const logger = { ...silentLogger, warn: (message: string) => told.push(message) }
      const journal = new ActionJournal({ clock: systemClock(), logger, layout })
      await journal.write(journal.begin(draft))
      await journal.dispose()
      expect(told).toEqual(['what was done cannot be recorded'])
      const open = readdirSync('/proc/self/fd').map((name) => readLinkIfThere(`/proc/self/fd/${name}`))
      expect(open).not.toContain('/dev/full')
    },
  )

  it('when the lab is gone, then recording neither fails nor makes its folder anew', async () => {
    rmSync(layout.labFolder('default'), { recursive: true })
    const journal = newJournal()
    await journal.write(journal.begin(draft))
    expect(existsSync(layout.labFolder('default'))).toBe(false)
    expect(await journal.list('default')).toEqual([])
  })
})

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function readLinkIfThere(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    // That of the listing itself is closed by now.
    return ''
  }
}
