/**
 * A stand-in for the module `electron`, over a real Chromium: enough of it to run the built main bundle and preload of
 * this app where Electron's own program cannot be had. Reproduced: the app's life, one window, custom protocols, IPC with
 * structured clone, the preload. Not reproduced: Chromium's sandbox around the preload, separate JavaScript worlds, real menus and dialogs.
 */
import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import { StandInWindow } from './stand-in-window.ts'
import { closeChromium } from './chromium.ts'
import { takeInstanceLock } from './instance-lock.ts'
import { protocolHandlers } from './protocol-handlers.ts'

export const BrowserWindow = StandInWindow

class StandInApp extends EventEmitter {
  readonly #paths = new Map<string, string>()

  setPath(name: string, path: string): void {
    this.#paths.set(name, path)
  }

  getPath(name: string): string {
    const path = this.#paths.get(name)
    if (path === undefined) throw new Error(`The stand-in has no path "${name}"`)
    return path
  }

  readonly isPackaged = false

  getLocale(): string {
    return 'en-US'
  }

  /** As the real one, of one home: a second process hands its words to the first, and is told to end. */
  requestSingleInstanceLock(): boolean {
    return takeInstanceLock(this.getPath('userData'), (argv) => this.emit('second-instance', {}, argv))
  }

  /** As the real one: not before the entry module has run. */
  whenReady(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve))
  }

  quit(): void {
    void this.#quit()
  }

  exit(code = 0): void {
    void closeChromium().finally(() => process.exit(code))
  }

  async #quit(): Promise<void> {
    this.emit('before-quit', { preventDefault: () => undefined })
    for (const window of StandInWindow.getAllWindows()) await window.closeAndWait()
    let prevented = false
    this.emit('will-quit', { preventDefault: () => (prevented = true) })
    if (!prevented) this.exit(0)
  }
}

export const app = new StandInApp()
StandInWindow.onAllClosed(() => app.emit('window-all-closed'))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit())

export const protocol = {
  registerSchemesAsPrivileged: (): void => undefined,
  handle: (scheme: string, handler: (request: Request) => Promise<Response>): void =>
    void protocolHandlers.set(scheme, handler),
  unhandle: (scheme: string): void => void protocolHandlers.delete(scheme),
}

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (): void => undefined,
    setPermissionCheckHandler: (): void => undefined,
    setDevicePermissionHandler: (): void => undefined,
  },
}

export const Menu = {
  buildFromTemplate: (template: object[]): object => ({ template, popup: (): void => undefined }),
  setApplicationMenu: (): void => undefined,
}

export const nativeTheme = { themeSource: 'system', shouldUseDarkColors: false }

export const nativeImage = { createFromPath: (path: string): { path: string; isEmpty: boolean } => readIcon(path) }

/** A desktop with a tray: it refuses an icon that is not there, as one would see. */
export class Tray extends EventEmitter {
  constructor(image: { path: string; isEmpty: boolean }) {
    super()
    this.setImage(image)
  }

  setImage({ path, isEmpty }: { path: string; isEmpty: boolean }): void {
    if (isEmpty) throw new Error(`The tray has no icon ${path}`)
  }

  setToolTip(): void {}
  setContextMenu(): void {}
  destroy(): void {}
}

export class Notification extends EventEmitter {
  static isSupported(): boolean {
    return false
  }
}

export const screen = {
  getAllDisplays: (): { workArea: object }[] => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
}

export const dialog = {
  showErrorBox: (title: string, content: string): void => console.error(`${title}: ${content}`),
}

export const shell = { openPath: async (): Promise<string> => 'There is no file manager here.' }

function readIcon(path: string): { path: string; isEmpty: boolean } {
  return { path, isEmpty: !existsSync(path) }
}
