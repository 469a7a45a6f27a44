/** The app's one window, with everything closed that a local tool does not need. */
import { BrowserWindow, screen, type Session } from 'electron'
import { MINIMUM_WINDOW_SIZE, readWindowState, writeWindowState } from './window-state.ts'

export interface MainWindowOptions {
  preload: string
  stateFile: string
  onStateNotSaved(error: unknown): void
}

/** Makes the window, hidden until its page can be shown; loading the page is the caller's, once IPC is served. */
export function createMainWindow(options: MainWindowOptions): BrowserWindow {
  const workAreas = screen.getAllDisplays().map((display) => display.workArea)
  const { bounds, width, height, maximized } = readWindowState(options.stateFile, workAreas)
  const window = new BrowserWindow({
    width,
    height,
    ...bounds,
    minWidth: MINIMUM_WINDOW_SIZE.width,
    minHeight: MINIMUM_WINDOW_SIZE.height,
    title: 'Node Lab',
    show: false,
    webPreferences: {
      preload: options.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  })
  if (maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    try {
      writeWindowState(options.stateFile, window.getNormalBounds(), window.isMaximized())
    } catch (error) {
      options.onStateNotSaved(error)
    }
  })
  confine(window)
  return window
}

/** No other page, no other window, no embedded page. */
function confine(window: BrowserWindow): void {
  const { webContents } = window
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  webContents.on('will-navigate', (event) => event.preventDefault())
  webContents.on('will-redirect', (event) => event.preventDefault())
  webContents.on('will-attach-webview', (event) => event.preventDefault())
}

/** The page gets no camera, no location, no notifications: nothing that a browser would ask the user for. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
}
