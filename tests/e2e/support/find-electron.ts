/** Whether the specs can run in real Electron here. */
import { findElectronBinary } from '../../../scripts/support/electron-binary.ts'
import { hasDisplay } from '../../../scripts/support/choose-window.ts'

export type RealElectron = { state: 'found'; path: string } | { state: 'missing'; reason: string }

export function findRealElectron(): RealElectron {
  const path = findElectronBinary(process.env)
  if (path === undefined) return { state: 'missing', reason: 'no Electron binary' }
  if (!hasDisplay(process.platform, process.env)) return { state: 'missing', reason: 'no display (xvfb-run makes one)' }
  return { state: 'found', path }
}
