/** Entry of the desktop app. Electron emits `ready` only after this module has run, so nothing here is awaited. */
import { startElectronApp } from './shell/electron/electron-app.ts'

startElectronApp()
