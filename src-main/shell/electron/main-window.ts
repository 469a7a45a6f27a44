/** The app's one window, with everything closed that a local tool does not need. */
import { BrowserWindow, Menu, nativeTheme, screen, type Session } from 'electron'
import type { Settings } from '../../common/settings/settings.ts'
import type { DesktopTexts } from './desktop-texts.ts'
import { computeTextMenu } from './text-menu.ts'
import { MINIMUM_WINDOW_SIZE, readWindowState, writeWindowState } from './window-state.ts'

export interface MainWindowOptions {
  preload: string
  stateFile: string
  theme: Settings['theme']
  onStateNotSaved(error: unknown): void
  /** Whether closing it only hides it. */
  staysInTray(): boolean
  texts(): DesktopTexts
}

/** First paint, before the page has its style: `--canvas` of tokens.css. */
const BACKGROUNDS = { light: '#f2f3f2', dark: '#151817', contrast: '#000000' }

/** Electron's name for what `navigator.clipboard.writeText` asks for. */
const CLIPBOARD_WRITE = 'clipboard-sanitized-write'

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
    backgroundColor: backgroundOf(options.theme),
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
  window.on('close', (event) => {
    try {
      writeWindowState(options.stateFile, window.getNormalBounds(), window.isMaximized())
    } catch (error) {
      options.onStateNotSaved(error)
    }
    if (!options.staysInTray()) return
    event.preventDefault()
    window.hide()
  })
  window.webContents.on('context-menu', (_event, under) => {
    const template = computeTextMenu(under, options.texts())
    if (template.length > 0) Menu.buildFromTemplate(template).popup({ window })
  })
  confine(window)
  return window
}

function backgroundOf(theme: Settings['theme']): string {
  if (theme === 'system') return nativeTheme.shouldUseDarkColors ? BACKGROUNDS.dark : BACKGROUNDS.light
  return BACKGROUNDS[theme]
}

/** No other page, no other window, no embedded page. */
function confine(window: BrowserWindow): void {
  const { webContents } = window
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  webContents.on('will-navigate', (event) => event.preventDefault())
  webContents.on('will-redirect', (event) => event.preventDefault())
  webContents.on('will-attach-webview', (event) => event.preventDefault())
}

/**
 * The page gets no camera, no location, no notifications: nothing that a browser would ask the user for. It may put text on the
 * clipboard, which is what its Copy buttons do; what is there, it reads only when the user pastes.
 */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(permission === CLIPBOARD_WRITE))
  session.setPermissionCheckHandler((_contents, permission) => permission === CLIPBOARD_WRITE)
  session.setDevicePermissionHandler(() => false)
}
