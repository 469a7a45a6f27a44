/** What the handlers of requests work with. */
import type { Clock } from '../../base/clock.ts'
import type { AdmissionChain } from '../admission/run-admission.ts'
import type { Registry } from '../registry/resource-storage.ts'
import type { UserInfo } from '../authentication/user-info.ts'
import type { RequestInfo } from './request-info.ts'
import type { Subresource } from './subresource.ts'
import type { VirtualResource } from './virtual-resource.ts'

export interface ApiServices {
  registry: Registry
  subresources: readonly Subresource[]
  virtualResources: readonly VirtualResource[]
  admission: AdmissionChain
  /** Whether somebody may make that request, too. Throws `StatusError` 403. */
  authorize(user: UserInfo, info: RequestInfo): Promise<void>
  clock: Clock
  /** Numbers in [0, 1). */
  random: () => number
}
