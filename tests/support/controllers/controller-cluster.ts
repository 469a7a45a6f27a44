/** Controllers over a real registry in memory, with nodes played by a stand-in: all of it on one fake clock. */
import { podBinding } from '../../../src-main/apiserver/subresources/pods/pod-binding.ts'
import { podEviction } from '../../../src-main/apiserver/subresources/pods/pod-eviction.ts'
import { registryClient } from '../../../src-main/apiserver/testing/registry-client.ts'
import { newTestStorage, type TestStorage } from '../../../src-main/apiserver/testing/test-storage.ts'
import { DisposableStore } from '../../../src-main/base/disposable.ts'
import type { FakeClock } from '../../../src-main/base/testing/fake-clock.ts'
import type { ApiObject } from '../../../src-main/common/api/api-object.ts'
import type { Pod } from '../../../src-main/common/api/core.ts'
import type { Event } from '../../../src-main/common/api/event.ts'
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
  pods(): Promise<(Pod & ApiObject)[]>
  /** `Warning FailedCreate Error creating: … (replicaset-controller)`, in order. */
  events(): Promise<string[]>
}

export interface ClusterOptions extends Partial<Omit<StandInOptions, 'client' | 'clock'>> {
  /** What the controllers see instead of the API itself. */
  through?: (client: ApiClient, clock: FakeClock) => ApiClient
}

export function newControllerCluster(
  controllers: readonly StartController[],
  { through = (client) => client, ...options }: ClusterOptions = {},
): ControllerCluster {
  const owned = new DisposableStore()
  const storage = owned.add(newTestStorage())
  const { clock, registry } = storage
  const now = (): number => clock.now()
  const client = registryClient(registry, [podBinding(now), podEviction(registry, now)])
  owned.add(new StandInNodes({ client, clock, nodes: ['node01', 'node02', 'node03'], ...options }))
  const context = owned.add(testControllerContext(through(client, clock), clock))
  for (const start of controllers) owned.add(start(context))
  return {
    clock,
    client,
    storage,
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
