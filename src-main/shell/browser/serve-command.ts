/** `node-lab serve`: the app in a browser, for as long as the returned disposable lives. */
import { systemClock } from '../../base/clock.ts'
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import { silentLogger, type Logger } from '../../base/logger.ts'
import type { LabManager } from '../../lab/lab-manager.ts'
import { createAppBackend } from '../app/app-backend.ts'
import { appVersion } from '../app/app-version.ts'
import { findAppFolders } from '../app/resources.ts'
import { readSamples } from '../app/samples.ts'
import { openSettingsFile } from '../settings/settings-file.ts'
import { serveBrowser } from './serve-browser.ts'

export interface ServeCommandOptions {
  /** Stays the caller's. */
  labManager: LabManager
  /** Taken, or an error; absent: 7474, or a free one. */
  port?: number
  /** Default: says nothing. */
  logger?: Logger
  onReady(server: { url: string; port: number }): void
}

/** @throws LabError Conflict when `port` is taken, Unavailable when the app is not built */
export async function serveCommand(options: ServeCommandOptions): Promise<Disposable> {
  const folders = findAppFolders()
  const clock = systemClock()
  const { labManager } = options
  const settings = await openSettingsFile({ home: labManager.home, clock, logger: options.logger ?? silentLogger })
  const backend = createAppBackend({
    labManager,
    settings,
    host: 'browser',
    version: appVersion(),
    clock,
    readSamples: () => readSamples(folders.samples),
  })
  const server = await serveBrowser({
    backend,
    staticFolder: folders.renderer,
    ...(options.port !== undefined && { port: options.port }),
  })
  options.onReady({ url: server.url, port: server.port })
  return toDisposable(async () => {
    await server.dispose()
    await backend.dispose()
    settings.dispose()
  })
}
