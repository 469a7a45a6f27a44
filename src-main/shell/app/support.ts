/** What helps when something is wrong beyond repair: logs to send, and a new beginning. */
import type { Clock } from '../../base/clock.ts'
import type { ResetOptions, ResetOutcome, ResetPlan } from '../../common/doctor/reset-plan.ts'
import type { DoctorService } from '../../lab/doctor/doctor.ts'
import type { LabManager } from '../../lab/lab-manager.ts'
import type { CollectedLogs } from '../../lab/log-collection/collect-logs.ts'

export interface Support {
  collectLogs(): Promise<CollectedLogs>
  planReset(): Promise<ResetPlan>
  runReset(options: ResetOptions): Promise<ResetOutcome>
}

/** Loads what it needs when it is needed: most sessions never do. */
export function createSupport(manager: LabManager, doctor: DoctorService, clock: Clock): Support {
  return {
    collectLogs: async () => {
      const { collectLogs } = await import('../../lab/log-collection/collect-logs.ts')
      return collectLogs({ manager, doctor, clock })
    },
    planReset: async () => {
      const { planReset } = await import('../../lab/reset/reset.ts')
      return planReset(manager)
    },
    runReset: async (options) => {
      const { runReset } = await import('../../lab/reset/reset.ts')
      return runReset(manager, options)
    },
  }
}
