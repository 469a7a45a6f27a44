/** Controllers over a real registry in memory, with nodes played by a stand-in: all of it on one fake clock. */
import { podBinding } from '../../../src-main/apiserver/subresources/pods/pod-binding.ts'
import { podEviction } from '../../../src-main/apiserver/subresources/pods/pod-eviction.ts'
import { registryClient } from '../../../src-main/apiserver/testing/registry-client.ts'
import { newTestStorage, type TestStorage } from '../../../src-main/apiserver/testing/test-storage.ts'
import { DisposableStore, type Disposable } from '../../../src-main/base/disposable.ts'
import type { FakeClock } from '../../../src-main/base/testing/fake-clock.ts'
import type { ApiObject } from '../../../src-main/common/api/api-object.ts'
import type { Pod } from '../../../src-main/common/api/core.ts'
import type { Event } from '../../../src-main/common/api/event.ts'
import {
  DEFAULT_CONTROLLER_SETTINGS,
  type ControllerManagerSettings,
} from '../../../src-main/controller-manager/controller-manager-settings.ts'
import type { StartController } from '../../../src-main/controller-manager/controller.ts'
import { testControllerContext } from '../../../src-main/controller-manager/testing/test-controller-context.ts'
import type { ApiClient } from '../../../src-main/kube/api-client.ts'
import { EVENTS } from '../../../src-main/kube/event.ts'
import { PODS } from '../../../src-main/kube/resources.ts'
import { StandInNodes, type StandInOptions } from './stand-in-nodes.ts'

export interface ControllerCluster extends AsyncDisposable {
  clock: FakeClock
  /** What a user asks. */
  client: ApiClient
  storage: TestStorage
  nodes: StandInNodes
  /** More controllers, or the same again in a process of their own, until they are disposed of. */
  start(controllers: readonly StartController[]): Disposable
  pods(): Promise<(Pod & ApiObject)[]>
  /** `Warning FailedCreate Error creating: … (replicaset-controller)`, in order. */
  events(): Promise<string[]>
}

export interface ClusterOptions extends Partial<Omit<StandInOptions, 'client' | 'clock'>> {
  /** What the controllers see instead of the API itself. */
  through?: (client: ApiClient, clock: FakeClock) => ApiClient
  settings?: Partial<ControllerManagerSettings>
}

export function newControllerCluster(
  controllers: readonly StartController[],
  { through = (client) => client, settings = {}, ...options }: ClusterOptions = {},
): ControllerCluster {
  const owned = new DisposableStore()
  const storage = owned.add(newTestStorage())
  const { clock, registry } = storage
  const now = (): number => clock.now()
  const client = registryClient(registry, [podBinding(now), podEviction(registry, now)])
  const nodes = owned.add(new StandInNodes({ client, clock, nodes: ['node01', 'node02', 'node03'], ...options }))
  const startAll = (starts: readonly StartController[]): Disposable => {
    const started = new DisposableStore()
    const context = started.add(
      testControllerContext(through(client, clock), clock, {
        settings: { ...DEFAULT_CONTROLLER_SETTINGS, ...settings },
      }),
    )
    for (const start of starts) started.add(start(context))
    return owned.add(started)
  }
  startAll(controllers)
  return {
    clock,
    client,
    storage,
    nodes,
    start: startAll,
    pods: async () => (await client.list<Pod & ApiObject>(PODS)).items,
    async events() {
      const { items } = await client.list<Event>(EVENTS)
      return items.map(
        ({ type = '', reason = '', message = '', source }) =>
          `${type} ${reason} ${message} (${source?.component ?? ''})`,
      )
    },
    async [Symbol.asyncDispose]() {
      await owned.dispose()
    },
  }
}
