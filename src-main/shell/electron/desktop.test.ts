/** What surrounds the window, with Electron played by a few classes that remember what was asked of them. */
import { EventEmitter } from 'node:events'
import type { MenuItemConstructorOptions } from 'electron'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLogger } from '../../base/logger.ts'
import { FakeClock, settle } from '../../base/testing/fake-clock.ts'
import type { LinkRequest } from '../../common/ipc/app-link.ts'
import type { LabStatus, NodeView, TaskStatus } from '../../common/lab/lab-status.ts'
import type { AppEvent } from '../app/app-backend.ts'
import { MemorySettings } from '../testing/memory-settings.ts'
import { Desktop } from './desktop.ts'

const electron = vi.hoisted(() => ({
  trays: [] as FakeTray[],
  notifications: [] as FakeNotification[],
  menu: [] as MenuItemConstructorOptions[],
  theme: { themeSource: 'system' },
  hasTray: true,
}))

interface FakeTray {
  icon: string
  menu: MenuItemConstructorOptions[]
  destroyed: boolean
}

interface FakeNotification extends EventEmitter {
  words: { title: string; body: string }
}

vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events')
  class Tray extends Emitter implements FakeTray {
    icon: string
    menu: MenuItemConstructorOptions[] = []
    destroyed = false
    constructor(icon: string) {
      super()
      if (!electron.hasTray) throw new Error('no StatusNotifierWatcher')
      this.icon = icon
      electron.trays.push(this)
    }
    setImage(icon: string): void {
      this.icon = icon
    }
    setToolTip(): void {}
    setContextMenu(menu: MenuItemConstructorOptions[]): void {
      this.menu = menu
    }
    destroy(): void {
      this.destroyed = true
    }
  }
  class Notification extends Emitter implements FakeNotification {
    static isSupported = (): boolean => true
    words: { title: string; body: string }
    constructor(words: { title: string; body: string }) {
      super()
      this.words = words
    }
    show(): void {
      electron.notifications.push(this)
    }
    close(): void {}
  }
  return {
    app: { getLocale: () => 'en-US', quit: () => undefined },
    Menu: {
      buildFromTemplate: (template: unknown) => template,
      setApplicationMenu: (menu: MenuItemConstructorOptions[]) => (electron.menu = menu),
    },
    nativeImage: { createFromPath: (path: string) => path },
    nativeTheme: electron.theme,
    Notification,
    Tray,
  }
})

const LAB: LabStatus = { name: 'default', state: 'running', folder: '/x', subnet: '', nodes: [] }

let settings: MemorySettings
let clock: FakeClock
let shown: (LinkRequest | undefined)[]
let isVisible: boolean
let tell: (event: AppEvent) => void
let desktop: Desktop

beforeEach(() => {
  electron.trays.length = 0
  electron.notifications.length = 0
  electron.hasTray = true
  settings = new MemorySettings()
  clock = new FakeClock()
  shown = []
  isVisible = false
})
afterEach(() => desktop.dispose())

async function open(): Promise<void> {
  const listeners = new Set<(event: AppEvent) => void>()
  tell = (event) => {
    for (const listener of [...listeners]) listener(event)
  }
  settings.onChange((payload) => tell({ name: 'settings/changed', payload }))
  desktop = new Desktop({
    backend: {
      onEvent: (listener) => {
        listeners.add(listener)
        return { dispose: () => void listeners.delete(listener) }
      },
    },
    listLabs: async () => [LAB],
    settings,
    clock,
    logger: silentLogger,
    icons: '/icons',
    show: (request) => void shown.push(request),
    isWindowVisible: () => isVisible,
  })
  await settle()
}

function tray(): FakeTray {
  const [found] = electron.trays.slice(-1)
  if (found === undefined) throw new Error('There is no tray')
  return found
}

/** Clicks the entry of that name, however deep it lies. */
function click(menu: MenuItemConstructorOptions[], label: string): void {
  const all = menu.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? item.submenu : [])])
  const item = all.find((one) => one.label === label)
  if (item?.click === undefined) throw new Error(`There is no entry "${label}"`)
  ;(item.click as () => void)()
}

function nodeView(isCrashing: boolean): AppEvent {
  const state = isCrashing
    ? { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container=c pod=web' } }
    : { running: { startedAt: '2026-01-01T00:00:00Z' } }
  const status = {
    name: 'c',
    image: 'i',
    imageID: '',
    containerID: '',
    ready: false,
    restartCount: 1,
    state,
    lastState: {},
  }
  const payload: NodeView = {
    lab: 'default',
    node: 'node01',
    files: [],
    observedAt: '',
    pods: [
      {
        metadata: { name: 'web', namespace: 'default' },
        spec: { containers: [], restartPolicy: 'Always' },
        status: { containerStatuses: [status] },
      },
    ],
  }
  return { name: 'node/changed', payload }
}

function clusterChange(ready: 'True' | 'Unknown', ...names: string[]): AppEvent {
  const nodes = names.map((name) => ({ name, uid: name, ready, unschedulable: false, taints: [] }))
  const rest = { goneNodes: [], pods: [], gonePods: [], observedAt: '' }
  return { name: 'cluster/changed', payload: { lab: 'default', revision: 1, state: 'ready', nodes, ...rest } }
}

function task(id: string, change: Partial<TaskStatus>): AppEvent {
  const startedAt = new Date(clock.now()).toISOString()
  return {
    name: 'task/changed',
    payload: { id, name: 'lab-up', subject: 'default', state: 'running', startedAt, ...change },
  }
}

describe('menu bar', () => {
  it('given Korean in the settings, when it is chosen, then the menus change at once', async () => {
    await open()
    expect(electron.menu.map(({ label }) => label)).toEqual(['File', 'Edit', 'View', 'Window'])
    await settings.write({ locale: 'ko' })
    expect(electron.menu.map(({ label }) => label)).toEqual(['파일', '편집', '보기', '창'])
  })

  it('given zoom keys, when pressed over and over, then the setting follows and stops at its end', async () => {
    await open()
    for (let press = 0; press < 5; press += 1) {
      click(electron.menu, 'Zoom In')
      await settle()
    }
    expect(settings.state.settings.zoomLevel).toBe(3)
    click(electron.menu, 'Actual Size')
    await settle()
    expect(settings.state.settings.zoomLevel).toBe(0)
  })

  it('given its entries, when clicked, then the window is asked for the page', async () => {
    await open()
    click(electron.menu, 'Settings…')
    click(electron.menu, 'Diagnostics')
    expect(shown).toEqual([
      { kind: 'place', place: 'settings' },
      { kind: 'place', place: 'diagnostics' },
    ])
  })
})

describe('tray', () => {
  it('given labs that change, when told, then the icon has their state and the menu their names', async () => {
    await open()
    expect(tray().icon).toBe('/icons/tray-running.png')
    tell({ name: 'lab/changed', payload: { ...LAB, state: 'degraded' } })
    expect(tray().icon).toBe('/icons/tray-trouble.png')
    click(tray().menu, 'default')
    expect(shown).toEqual([{ kind: 'link', link: { page: 'lab', lab: 'default' } }])
    tell({ name: 'lab/gone', payload: { lab: 'default' } })
    expect(tray().icon).toBe('/icons/tray-idle.png')
  })

  it('given closing to the tray, when the tray is switched off, then closing ends the app', async () => {
    await settings.write({ closeToTray: true })
    await open()
    expect(desktop.staysInTray).toBe(true)
    await settings.write({ tray: false })
    expect([tray().destroyed, desktop.staysInTray]).toEqual([true, false])
    await settings.write({ tray: true })
    expect([tray().destroyed, desktop.staysInTray]).toEqual([false, true])
    await desktop.dispose()
    expect(tray().destroyed).toBe(true)
  })

  it('given a desktop without a tray, when the app starts, then it works and closing ends it', async () => {
    electron.hasTray = false
    await settings.write({ closeToTray: true })
    await open()
    expect(electron.trays).toEqual([])
    expect(desktop.staysInTray).toBe(false)
    expect(electron.menu).not.toEqual([])
  })
})

describe('notifications', () => {
  const titles = (): string[] => electron.notifications.map(({ words }) => words.title)

  it('given a hidden window, when a pod begins to crash-loop, then it is told once, and a click opens it', async () => {
    await open()
    for (const isCrashing of [false, true, true, false, true]) tell(nodeView(isCrashing))
    expect(titles()).toEqual(['web keeps crashing'])
    electron.notifications[0]?.emit('click')
    expect(shown).toEqual([{ kind: 'link', link: { page: 'pod', lab: 'default', namespace: 'default', pod: 'web' } }])
    await clock.advance(11 * 60_000)
    for (const isCrashing of [false, true]) tell(nodeView(isCrashing))
    expect(titles()).toHaveLength(2)
  })

  it('given a pod that crash-loops already, when the app starts, then that is no news', async () => {
    await open()
    tell(nodeView(true))
    expect(titles()).toEqual([])
  })

  it('given a window that can be seen, or notifications off, when something happens, then nothing is told', async () => {
    isVisible = true
    await open()
    for (const isCrashing of [false, true]) tell(nodeView(isCrashing))
    isVisible = false
    await settings.write({ notifications: false })
    tell(clusterChange('True', 'node01'))
    tell(clusterChange('Unknown', 'node01'))
    expect(titles()).toEqual([])
  })

  it('given two hundred nodes that are lost at once, when told, then a handful of notifications come', async () => {
    await open()
    const names = Array.from({ length: 200 }, (_, index) => `sim${index}`)
    tell(clusterChange('True', ...names))
    tell(clusterChange('Unknown', ...names))
    expect(titles()).toHaveLength(4)
    expect(titles()[0]).toBe('sim0 is not ready')
  })

  it('given work that took long, when it ends, then it is told how; short work is not', async () => {
    await open()
    const [long, short] = [task('1', {}), task('2', {})]
    if (long.name !== 'task/changed' || short.name !== 'task/changed') throw new Error('no tasks')
    tell({ ...short, payload: { ...short.payload, state: 'done' } })
    await clock.advance(20_000)
    tell({ ...long, payload: { ...long.payload, state: 'failed', error: 'no space left' } })
    expect(electron.notifications.map(({ words }) => words)).toEqual([
      { title: 'Starting the lab: failed', body: 'default: no space left' },
    ])
  })

  it('given words with markup, when told, then no desktop can read them as markup', async () => {
    await open()
    const long = task('1', {})
    if (long.name !== 'task/changed') throw new Error('no task')
    await clock.advance(20_000)
    tell({
      ...long,
      payload: { ...long.payload, state: 'failed', error: 'no <a href="http://x">such</a> image &amp; no' },
    })
    expect(electron.notifications.map(({ words }) => words.body)).toEqual([
      'default: no \u2039a href="http://x"\u203Asuch\u2039/a\u203A image +amp; no',
    ])
  })
})
