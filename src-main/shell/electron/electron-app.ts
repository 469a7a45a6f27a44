/** The desktop app's life: one instance, one window, and an end in order. The only folder that imports electron. */
import { join } from 'node:path'
import { app, BrowserWindow, dialog, protocol, session, shell } from 'electron'
import { systemClock } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { klogLogger, type Logger } from '../../base/logger.ts'
import { toLabErrorData } from '../../common/lab-error.ts'
import { createLabManager } from '../../lab/create-lab-manager.ts'
import { nodeLabHome } from '../../lab/store/home.ts'
import { createAppBackend, type AppBackend } from '../app/app-backend.ts'
import { appVersion } from '../app/app-version.ts'
import { findAppFolders } from '../app/resources.ts'
import { readSamples } from '../app/samples.ts'
import { openSettingsFile } from '../settings/settings-file.ts'
import { installMenu } from './app-menu.ts'
import { APP_URL, registerAppScheme, serveAppProtocol } from './app-protocol.ts'
import { serveWindow } from './ipc-server.ts'
import { createMainWindow, denyPermissions } from './main-window.ts'

/** Returns at once; the app then lives until it is quit. A second instance brings the first one to the front. */
export function startElectronApp(): void {
  registerAppScheme(protocol)
  const home = nodeLabHome(process.env)
  // Beside the labs, so that two homes are two apps, each with a lock and a window of its own.
  app.setPath('userData', join(home, 'app'))
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  const logger = klogLogger({
    clock: systemClock(),
    component: 'app',
    pid: process.pid,
    write: (line) => process.stderr.write(line),
  })
  const owned = new DisposableStore()
  disposeBeforeQuit(owned, logger)
  app.on('second-instance', showWindow)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app
    .whenReady()
    .then(() => run(home, owned, logger))
    .catch((error: unknown) => {
      const { message, remedy } = toLabErrorData(error)
      dialog.showErrorBox('Node Lab could not start', [message, remedy].filter(Boolean).join('\n\n'))
      app.exit(1)
    })
}

async function run(home: string, owned: DisposableStore, logger: Logger): Promise<void> {
  const folders = findAppFolders(import.meta.dirname)
  denyPermissions(session.defaultSession)
  installMenu(process.platform)
  owned.add(await serveAppProtocol(protocol, folders.renderer))
  const clock = systemClock()
  const labManager = owned.add(await createLabManager({ home, clock }))
  const settings = owned.add(await openSettingsFile({ home, clock, logger }))
  const backend = owned.add(
    createAppBackend({
      labManager,
      settings,
      host: 'electron',
      version: appVersion(),
      clock,
      readSamples: () => readSamples(folders.samples),
      openFolder: async (path) => (await shell.openPath(path)) === '',
    }),
  )
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) void openWindow(home, backend, owned, logger)
  })
  await openWindow(home, backend, owned, logger)
}

async function openWindow(home: string, backend: AppBackend, owned: DisposableStore, logger: Logger): Promise<void> {
  const window = createMainWindow({
    preload: join(import.meta.dirname, '../preload/index.cjs'),
    stateFile: join(home, 'app', 'window.json'),
    onStateNotSaved: (error) => logger.warn('The window will not open at the same place', { error }),
  })
  const served: Disposable = owned.add(serveWindow(window.webContents, backend))
  window.once('closed', () => void served.dispose())
  await window.loadURL(APP_URL)
}

function showWindow(): void {
  const window = BrowserWindow.getAllWindows()[0]
  if (window === undefined) return
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** Holds the quit back until everything of ours has ended. */
function disposeBeforeQuit(owned: DisposableStore, logger: Logger): void {
  let state: 'running' | 'disposing' | 'disposed' = 'running'
  app.on('will-quit', (event) => {
    if (state === 'disposed') return
    event.preventDefault()
    if (state === 'disposing') return
    state = 'disposing'
    void owned
      .dispose()
      .catch((error: unknown) => logger.error('Not everything could be ended', { error }))
      .finally(() => {
        state = 'disposed'
        app.quit()
      })
  })
}
