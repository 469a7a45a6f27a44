/** What the parts that act on the runtime need: one record, made once. */
import type { Clock } from '../../base/clock.ts'
import type { Semaphore } from '../../base/semaphore.ts'
import type { Logger } from '../../base/logger.ts'
import type { RuntimeService } from '../../container-runtime/cri.ts'
import type { DNSFacts } from '../dns/dns-config.ts'
import type { ImageManager } from '../images/image-manager.ts'
import type { NodeCapacity } from '../lifecycle/node-allocatable.ts'
import type { ResourceAmounts } from '../../common/scheduling/pod-requests.ts'
import type { ReferenceStore } from '../references/pod-references.ts'
import type { TimelineRecorder } from '../timeline/timeline.ts'
import type { NodePaths } from '../volumes/node-paths.ts'
import type { ContainerSettings } from './container-settings.ts'
import type { RestartBackoff } from './restart-backoff.ts'

/** Facts about the node that end up in pods. */
export interface NodeFacts {
  nodeName: string
  /** The node's own address; empty while it is not known. */
  nodeIP: string
  capacity: NodeCapacity
  /** As on the Node object: what a node selector is compared with. */
  labels: Readonly<Record<string, string>>
  allocatable: ResourceAmounts
  dns: DNSFacts
  /** Content of the node's `/etc/hosts`. */
  readNodeHosts: () => string
}

export interface RuntimeContext {
  runtime: RuntimeService
  images: ImageManager
  clock: Clock
  logger: Logger
  timeline: TimelineRecorder
  paths: NodePaths
  node: NodeFacts
  containerSettings: ContainerSettings
  restartBackoff: RestartBackoff
  /** With an API server. */
  references: ReferenceStore | undefined
  /** Ids of containers whose postStart has not returned: nobody is shown them yet (facts 2.14.1). */
  postStarts: Set<string>
  /** An engine makes so many sandboxes a second whatever is asked of it; a few at once give the first results soonest. */
  sandboxStarts: Semaphore
}
