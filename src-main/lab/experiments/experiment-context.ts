/** What every acting part of an experiment works with. */
import type { Logger } from '../../base/logger.ts'
import type { LabContext } from '../lab-context.ts'
import type { LabManager } from '../lab-manager.ts'

export interface ExperimentContext extends Pick<LabContext, 'clock' | 'openCluster' | 'store'> {
  labManager: LabManager
  logger: Logger
}
