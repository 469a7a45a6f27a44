/** The desktop app's life: one instance, one window, and an end in order. The only folder that imports electron. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { app, BrowserWindow, dialog, protocol, session, shell } from 'electron'
import { systemClock } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import { LINK_SCHEME, parseAppLink, type LinkRequest } from '../../common/ipc/app-link.ts'
import { toLabErrorData } from '../../common/lab-error.ts'
import { resolveLocale } from '../../common/settings/settings.ts'
import { createLabManager } from '../../lab/create-lab-manager.ts'
import { createExperimentService } from '../../lab/experiments/create-experiment-service.ts'
import { Doctor } from '../../lab/doctor/doctor.ts'
import { nodeLabHome } from '../../lab/store/home.ts'
import { openAppLog } from '../app/app-log.ts'
import { createAppBackend, type AppBackend } from '../app/app-backend.ts'
import { appVersion } from '../app/app-version.ts'
import { LinkInbox } from '../app/link-inbox.ts'
import { findAppFolders } from '../app/resources.ts'
import { readSamples } from '../app/samples.ts'
import { createSupport } from '../app/support.ts'
import { openSettingsFile } from '../settings/settings-file.ts'
import { APP_URL, registerAppScheme, serveAppProtocol } from './app-protocol.ts'
import { DESKTOP_TEXTS } from './desktop-texts.ts'
import { Desktop } from './desktop.ts'
import { serveWindow } from './ipc-server.ts'
import { createMainWindow, denyPermissions } from './main-window.ts'

/** Returns at once; the app then lives until it is quit. A second instance hands its link to the first and ends. */
export function startElectronApp(): void {
  registerAppScheme(protocol)
  const home = nodeLabHome(process.env)
  // Beside the labs, so that two homes are two apps, each with a lock and a window of its own.
  app.setPath('userData', join(home, 'app'))
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  const logger = openAppLog(home, systemClock(), (line) => process.stderr.write(line))
  const owned = new DisposableStore()
  const inbox = new LinkInbox()
  disposeBeforeQuit(owned, logger)
  // A packaged app only: from a checkout, the system would be told of a program that is not there tomorrow.
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME)
  const first = findLink(process.argv)
  if (first !== undefined) inbox.put(first)
  // Before the app is ready, since macOS may send a link that early.
  app.on('open-url', (event, url) => {
    event.preventDefault()
    inbox.put(parseAppLink(url))
    showWindow()
  })
  app.on('second-instance', (_event, argv) => {
    const link = findLink(argv)
    if (link !== undefined) inbox.put(link)
    showWindow()
  })
  app
    .whenReady()
    .then(() => run(home, owned, inbox, logger))
    .catch((error: unknown) => {
      const { message, remedy } = toLabErrorData(error)
      const { couldNotStart } = DESKTOP_TEXTS[resolveLocale('system', app.getLocale())]
      dialog.showErrorBox(couldNotStart, [message, remedy].filter(Boolean).join('\n\n'))
      app.exit(1)
    })
}

/** The last one counts: a system puts it at the end, after whatever the program itself was started with. */
function findLink(argv: readonly string[]): LinkRequest | undefined {
  const word = argv.findLast((one) => one.toLowerCase().startsWith(`${LINK_SCHEME}:`))
  return word === undefined ? undefined : parseAppLink(word)
}

async function run(home: string, owned: DisposableStore, inbox: LinkInbox, logger: Logger): Promise<void> {
  const folders = findAppFolders(import.meta.dirname)
  denyPermissions(session.defaultSession)
  owned.add(await serveAppProtocol(protocol, folders.renderer))
  const clock = systemClock()
  const labManager = owned.add(await createLabManager({ home, clock, logger }))
  const settings = owned.add(await openSettingsFile({ home, clock, logger }))
  const doctor = new Doctor(labManager, clock, appVersion())
  const experiments = owned.add(createExperimentService({ labManager, clock, logger, folder: folders.experiments }))
  const backend = owned.add(
    createAppBackend({
      labManager,
      settings,
      doctor,
      experiments,
      support: createSupport(labManager, doctor, clock),
      saveFile: saveToDownloads,
      inbox,
      host: 'electron',
      version: appVersion(),
      clock,
      readSamples: () => readSamples(folders.samples),
      openFolder: async (path) => (await shell.openPath(path)) === '',
    }),
  )
  const desktop: Desktop = owned.add(
    new Desktop({
      backend,
      listLabs: () => labManager.listLabs(),
      settings,
      clock,
      logger,
      icons: folders.icons,
      isWindowVisible: () =>
        BrowserWindow.getAllWindows().some((window) => window.isVisible() && !window.isMinimized()),
      show: (request) => {
        if (request !== undefined) inbox.put(request)
        if (BrowserWindow.getAllWindows().length > 0) showWindow()
        else open().catch((error: unknown) => logger.error('The window could not be opened', { error }))
      },
    }),
  )
  const open = (): Promise<void> => openWindow(home, { backend, settings, desktop, owned, logger })
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) void open()
    else showWindow()
  })
  app.on('window-all-closed', () => {
    // With the tray still there the window was closed by something else than its button; on macOS apps live on anyway.
    if (process.platform !== 'darwin') app.quit()
  })
  await open()
}

interface WindowParts {
  backend: AppBackend
  settings: Awaited<ReturnType<typeof openSettingsFile>>
  desktop: Desktop
  owned: DisposableStore
  logger: Logger
}

async function openWindow(home: string, { backend, settings, desktop, owned, logger }: WindowParts): Promise<void> {
  let isQuitting = false
  app.once('before-quit', () => (isQuitting = true))
  const window = createMainWindow({
    preload: join(import.meta.dirname, '../preload/index.cjs'),
    stateFile: join(home, 'app', 'window.json'),
    theme: settings.state.settings.theme,
    onStateNotSaved: (error) => logger.warn('The window will not open at the same place', { error }),
    staysInTray: () => !isQuitting && desktop.staysInTray,
    texts: () => desktop.texts,
  })
  const served: Disposable = owned.add(serveWindow(window.webContents, backend))
  const zoom = (): void => window.webContents.setZoomLevel(settings.state.settings.zoomLevel)
  const zooming = settings.onChange(zoom)
  window.webContents.on('did-finish-load', zoom)
  window.once('closed', () => {
    void zooming.dispose()
    void served.dispose()
  })
  await window.loadURL(APP_URL)
}

async function saveToDownloads(name: string, archive: Buffer): Promise<string> {
  const file = join(app.getPath('downloads'), name)
  await writeFile(file, archive, { mode: 0o600 })
  shell.showItemInFolder(file)
  return file
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
