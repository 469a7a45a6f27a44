/** What a lab manager may be given in place of what this machine has. */
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { EnsureImages, OpenCluster } from './lab-context.ts'
import type { HostNetwork } from './network/host-network.ts'
import type { OpenChannel } from './nodes/channel-pool.ts'
import type { EngineProvider } from './nodes/engine-holder.ts'

export interface LabManagerOptions {
  /** Default: `nodeLabHome(process.env)`. */
  home?: string
  clock?: Clock
  logger?: Logger
  engines?: EngineProvider
  ensureImages?: EnsureImages
  openChannel?: OpenChannel
  host?: HostNetwork
  openCluster?: OpenCluster
}
