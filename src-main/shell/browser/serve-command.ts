/** `node-lab serve`: the app in a browser, for as long as the returned disposable lives. */
import { systemClock } from '../../base/clock.ts'
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import { Doctor } from '../../lab/doctor/doctor.ts'
import { createExperimentService } from '../../lab/experiments/create-experiment-service.ts'
import type { LabManager } from '../../lab/lab-manager.ts'
import { openAppLog } from '../app/app-log.ts'
import { createAppBackend } from '../app/app-backend.ts'
import { appVersion } from '../app/app-version.ts'
import { findAppFolders } from '../app/resources.ts'
import { readSamples } from '../app/samples.ts'
import { createSupport } from '../app/support.ts'
import { openSettingsFile } from '../settings/settings-file.ts'
import { serveBrowser } from './serve-browser.ts'

export interface ServeCommandOptions {
  /** Stays the caller's. */
  labManager: LabManager
  /** Taken, or an error; absent: 7474, or a free one. */
  port?: number
  onReady(server: { url: string; port: number }): void
}

/** @throws LabError Conflict when `port` is taken, Unavailable when the app is not built */
export async function serveCommand(options: ServeCommandOptions): Promise<Disposable> {
  const folders = findAppFolders()
  const clock = systemClock()
  const { labManager } = options
  const logger = openAppLog(labManager.home, clock, () => undefined)
  const settings = await openSettingsFile({ home: labManager.home, clock, logger })
  const doctor = new Doctor(labManager, clock, appVersion())
  const experiments = createExperimentService({ labManager, clock, logger, folder: folders.experiments })
  const backend = createAppBackend({
    labManager,
    settings,
    doctor,
    experiments,
    support: createSupport(labManager, doctor, clock),
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
    await experiments.dispose()
    settings.dispose()
  })
}
