/** What controllers of a test work with: its clock, its API, informers and events of their own. */
import type { Clock } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { silentLogger } from '../../base/logger.ts'
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
    random: newRandom(),
    rootAuthority: '',
    settings: DEFAULT_CONTROLLER_SETTINGS,
    ...over,
    dispose: () => owned.dispose(),
  }
}

/** Numbers in [0, 1), spread like random ones, the same for the same seed (a linear congruential generator). */
export function newRandom(seed = 1): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
