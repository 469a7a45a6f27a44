/**
 * The same specs in every shell of the app: a browser on the bridge, the built main bundle and preload on the Electron
 * stand-in, and real Electron wherever its program is. All of them share one lab on the real engine, so they run one by one.
 */
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'
import type { WorkerOptions } from './support/app-fixture.ts'
import { findRealElectron } from './support/find-electron.ts'

const APP_SPECS = 'app/**/*.spec.ts'
const BRIDGE_SPECS = 'bridge/**/*.spec.ts'

const realElectron = { name: 'electron', testMatch: APP_SPECS, use: { shell: 'electron' as const } }

export default defineConfig<object, WorkerOptions>({
  testDir: join(import.meta.dirname, 'specs'),
  outputDir: join(import.meta.dirname, '../../test-results'),
  globalSetup: join(import.meta.dirname, 'global-setup.ts'),
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 180_000,
  // An engine call can take seconds on a busy machine, and a pod is several of them.
  expect: { timeout: 60_000 },
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] === undefined ? [['list']] : [['list'], ['json']],
  projects: [
    { name: 'browser', testMatch: [APP_SPECS, BRIDGE_SPECS], use: { shell: 'browser' } },
    { name: 'electron-standin', testMatch: APP_SPECS, use: { shell: 'electron-standin' } },
    ...(findRealElectron().state === 'found' ? [realElectron] : []),
  ],
})
