/** Logs of a few bytes, and a reset that only remembers what was asked. For tests of the shells. */
import type { ResetOptions, ResetOutcome, ResetPlan } from '../../common/doctor/reset-plan.ts'
import type { Support } from '../app/support.ts'

export class FakeSupport implements Support {
  readonly resets: ResetOptions[] = []

  async collectLogs(): Promise<{ name: string; archive: Buffer }> {
    return { name: 'node-lab-logs.tar.gz', archive: Buffer.from('logs') }
  }

  async planReset(): Promise<ResetPlan> {
    return { home: '/fake/home', labs: [], lostLabs: [], settingsFiles: [], images: [], cacheFolder: '/fake/cache' }
  }

  async runReset(options: ResetOptions): Promise<ResetOutcome> {
    this.resets.push(options)
    return { labs: [], keptImages: [] }
  }
}
