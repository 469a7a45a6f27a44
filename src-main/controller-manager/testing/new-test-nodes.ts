/** Nodes of a test on a fake clock, whose kubelets renew their leases as long as they are alive. */
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod, Toleration } from '../../common/api/core.ts'
import type { Event } from '../../common/api/event.ts'
import type { Lease } from '../../common/api/lease.ts'
import type { Node, NodeCondition } from '../../common/api/node.ts'
import { formatTime } from '../../common/api/time.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { EVENTS } from '../../kube/event.ts'
import { LEASES, NODES, PODS } from '../../kube/resources.ts'
import { MemoryApi } from '../../kube/testing/memory-api.ts'
import type { ControllerContext, StartController } from '../controller.ts'
import { testControllerContext } from './test-controller-context.ts'

const SECOND = 1000
const RENEWAL_SECONDS = 10

/** `ready` undefined: it never said anything. */
export function aNode(name: string, ready?: 'True' | 'False', labels: Record<string, string> = {}): Node {
  const conditions = ready === undefined ? [] : conditionsOf(ready, '2026-01-01T00:00:00Z')
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: {}, status: { conditions } }
}

function conditionsOf(ready: 'True' | 'False', lastHeartbeatTime: string): NodeCondition[] {
  const pressures = ['MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type): NodeCondition => {
    return { type, status: 'False', lastHeartbeatTime }
  })
  return [...pressures, { type: 'Ready', status: ready, lastHeartbeatTime }]
}

export interface TestNodes extends Disposable {
  readonly api: MemoryApi
  readonly clock: FakeClock
  readonly client: ApiClient
  /** Names of nodes whose kubelets renew their leases. */
  readonly alive: Set<string>
  /** Every start is another process: informers and events of its own. `over`: what of its client is not as usual. */
  start(controller: StartController, over?: Partial<ApiClient>): Disposable
  /** In steps in which leases are renewed. */
  pass(seconds: number): Promise<void>
  /** As the kubelet that is back does. */
  say(name: string, ready: 'True' | 'False'): Promise<void>
  ready(name: string): Promise<NodeCondition | undefined>
  /** Such as `unreachable:NoExecute`. */
  taints(name: string): Promise<string[]>
  /** Those whose NoExecute taint for being unwell is there. */
  evicted(): Promise<string[]>
  addPod(name: string, nodeName?: string, tolerations?: readonly Toleration[]): Promise<Pod & ApiObject>
  /** `undefined` when it is gone. */
  findPod(name: string): Promise<(Pod & ApiObject) | undefined>
  podReady(name: string): Promise<string | undefined>
  /** `component reason message`, without those of other reasons. */
  events(...reasons: string[]): Promise<string[]>
}

export async function newTestNodes(
  nodes: readonly Node[],
  over: Partial<Pick<ControllerContext, 'settings'>> = {},
): Promise<TestNodes> {
  const clock = new FakeClock()
  const api = new MemoryApi(() => clock.now())
  const client = api.client()
  const owned = new DisposableStore()
  for (const each of nodes) await client.create(NODES, each)
  const alive = new Set<string>()
  const renew = async (name: string): Promise<void> => {
    const metadata = { namespace: 'kube-node-lease', name }
    const spec = { holderIdentity: name, renewTime: new Date(clock.now()).toISOString() }
    const lease: Lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec }
    await client.create(LEASES, lease).catch(() => client.update(LEASES, lease))
  }
  const taintsOf = async (name: string): Promise<string[]> => {
    const { spec } = await client.get<Node>(NODES, { name })
    return (spec?.taints ?? []).map(({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`)
  }
  const findPod = (name: string): Promise<(Pod & ApiObject) | undefined> =>
    client.get<Pod & ApiObject>(PODS, { namespace: 'default', name }).catch(() => undefined)
  return {
    api,
    clock,
    client,
    alive,
    start(controller, overClient = {}) {
      const context = testControllerContext({ ...client, ...overClient }, clock, over)
      const process = new DisposableStore()
      process.add(context)
      process.add(controller(context))
      return owned.add(process)
    },
    async pass(seconds) {
      for (let left = seconds; left > 0; left -= RENEWAL_SECONDS) {
        for (const name of alive) await renew(name)
        await clock.advance(Math.min(left, RENEWAL_SECONDS) * SECOND)
      }
    },
    async say(name, ready) {
      const patch = { status: { conditions: conditionsOf(ready, formatTime(clock.now())) } }
      await client.patch(NODES, { name, subresource: 'status' }, 'application/strategic-merge-patch+json', patch)
    },
    async ready(name) {
      const { status } = await client.get<Node>(NODES, { name })
      return status?.conditions?.find(({ type }) => type === 'Ready')
    },
    taints: taintsOf,
    async evicted() {
      const { items } = await client.list<Node>(NODES)
      const marked = items.filter(({ spec }) => spec?.taints?.some(({ effect }) => effect === 'NoExecute'))
      return marked.map(({ metadata }) => metadata.name ?? '')
    },
    async addPod(name, nodeName, tolerations = []) {
      const metadata = { namespace: 'default', name }
      const node = nodeName === undefined ? {} : { nodeName }
      const spec = { ...node, containers: [], tolerations: [...tolerations] }
      await client.create<Pod & ApiObject>(PODS, { apiVersion: 'v1', kind: 'Pod', metadata, spec })
      const status = { conditions: [{ type: 'Ready', status: 'True' }] }
      const address = { ...metadata, subresource: 'status' }
      return client.patch<Pod & ApiObject>(PODS, address, 'application/strategic-merge-patch+json', { status })
    },
    findPod,
    async podReady(name) {
      return (await findPod(name))?.status?.conditions?.find(({ type }) => type === 'Ready')?.status
    },
    async events(...reasons) {
      const { items } = await client.list<Event>(EVENTS)
      const wanted = items.filter(({ reason }) => reason !== undefined && reasons.includes(reason))
      return wanted.map(({ source, reason, message }) => `${source?.component ?? ''} ${reason ?? ''} ${message ?? ''}`)
    },
    dispose: () => owned.dispose(),
  }
}
