/** What controllers of a test work with: its clock, its API, informers and events of their own. */
import type { Clock } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { silentLogger } from '../../base/logger.ts'
import { seededRandom } from '../../base/testing/seeded-random.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { EventRecorder } from '../../kube/event-recorder.ts'
import type { ControllerContext } from '../controller.ts'
import { DEFAULT_CONTROLLER_SETTINGS } from '../controller-manager-settings.ts'
import { SharedInformers } from '../shared-informers.ts'

export interface TestControllerContext extends ControllerContext, Disposable {}

export function testControllerContext(
  client: ApiClient,
  clock: Clock,
  over: Partial<ControllerContext> = {},
): TestControllerContext {
  const owned = new DisposableStore()
  const informers = owned.add(new SharedInformers({ client, clock, logger: silentLogger, random: () => 0 }))
  return {
    client,
    clock,
    logger: silentLogger,
    eventsAs: (component) =>
      owned.add(new EventRecorder({ client, clock, logger: silentLogger, source: { component } })),
    informers,
    random: seededRandom(1),
    rootAuthority: '',
    settings: DEFAULT_CONTROLLER_SETTINGS,
    ...over,
    dispose: () => owned.dispose(),
  }
}
