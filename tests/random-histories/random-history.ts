/** A cluster to which anything may happen, and which has to come to rest as its objects ask for. */
import { settle } from '../../src-main/base/testing/fake-clock.ts'
import { startDaemonSets } from '../../src-main/controller-manager/daemonset/daemonset-controller.ts'
import { startDeployments } from '../../src-main/controller-manager/deployment/deployment-controller.ts'
import { startGarbageCollector } from '../../src-main/controller-manager/garbage-collector/garbage-collector-controller.ts'
import { startNodeLifecycle } from '../../src-main/controller-manager/node-lifecycle/node-lifecycle-controller.ts'
import { startPodGarbageCollector } from '../../src-main/controller-manager/pod-gc/pod-gc-controller.ts'
import { startReplicaSets } from '../../src-main/controller-manager/replicaset/replicaset-controller.ts'
import { startTaintEviction } from '../../src-main/controller-manager/taint-eviction/taint-eviction-controller.ts'
import type { ApiObject, GroupVersionResource } from '../../src-main/common/api/api-object.ts'
import type { Node } from '../../src-main/common/api/node.ts'
import { DAEMON_SETS, DEPLOYMENTS, NODES, PODS } from '../../src-main/kube/resources.ts'
import { hasReason } from '../../src-main/kube/status-error.ts'
import { seededRandom } from '../../src-main/base/testing/seeded-random.ts'
import { TestCluster } from '../support/cluster/test-cluster.ts'
import { NO_FAULTS } from '../support/cluster/unreliable-client.ts'
import { findProblems } from './expected-state.ts'
import {
  NODE_NAMES,
  SET_NAMES,
  type ControlPlaneHappening,
  type DeploymentHappening,
  type HistoryStep,
  type NodeHappening,
  type PodHappening,
  type SetHappening,
} from './history-plan.ts'
import { ObservedHistory } from './observed-history.ts'
import { findViolations } from './never.ts'
import {
  aDaemonSet,
  aDeployment,
  DEPLOYMENT_NAME,
  NAMESPACE,
  UPDATE_STRATEGIES,
  versionPatch,
  type LivePod,
} from './workload-objects.ts'

const MERGE = 'application/merge-patch+json'
const STRATEGIC = 'application/strategic-merge-patch+json'
const LOOK_EVERY_MS = 20_000
/** Enough for back-offs that grew while everything failed, and for what a lost watch hides for five minutes. */
const REST_WITHIN_MS = 40 * 60_000
const STAYS_MS = 120_000
const TAINT = 'maintenance'

export class RandomHistory implements AsyncDisposable {
  readonly #cluster: TestCluster
  readonly #observed: ObservedHistory

  private constructor(cluster: TestCluster, observed: ObservedHistory) {
    this.#cluster = cluster
    this.#observed = observed
  }

  /** All nodes but one, a DaemonSet and the Deployment are there, and everything runs. */
  static async begin(seed: number): Promise<RandomHistory> {
    const random = seededRandom(seed)
    const upTo = (ms: number) => () => Math.floor(random() * ms)
    const deleted = new Set<string>()
    const cluster = new TestCluster({
      controllers: {
        'daemonset-controller': startDaemonSets,
        'deployment-controller': startDeployments,
        'garbage-collector-controller': startGarbageCollector,
        'node-lifecycle-controller': startNodeLifecycle,
        'pod-garbage-collector-controller': startPodGarbageCollector,
        'replicaset-controller': startReplicaSets,
        'taint-eviction-controller': startTaintEviction,
      },
      random,
      nodes: { renewalMs: 20_000, readyAfterMs: upTo(3000), podStartMs: upTo(3000), podStopMs: upTo(3000) },
      onRequest({ controller, verb, of, uid }) {
        if (controller === 'daemonset-controller' && verb === 'delete' && of.resource === 'pods') deleted.add(uid ?? '')
      },
    })
    const observed = await ObservedHistory.of(cluster, deleted)
    for (const name of NODE_NAMES.slice(1)) await cluster.addNode(name, { disk: 'ssd' })
    cluster.start('controllers')
    cluster.start('scheduler')
    await cluster.client.create(DAEMON_SETS, aDaemonSet(SET_NAMES[0], false, 'one away'))
    await cluster.client.create(DEPLOYMENTS, aDeployment(2))
    await cluster.clock.advance(20_000)
    return new RandomHistory(cluster, observed)
  }

  async take(step: HistoryStep): Promise<void> {
    try {
      await this.#happen(step)
    } catch (error) {
      const isOfPeople = (['NotFound', 'AlreadyExists', 'Conflict'] as const).some((reason) => hasReason(error, reason))
      if (!isOfPeople) throw error
    }
    await this.#cluster.clock.advance(step.thenMs)
  }

  /** Everything works again, and nothing happens any more. @throws Error that says what is not as it should be */
  async comeToRest(): Promise<void> {
    const { clock, nodes } = this.#cluster
    this.#network(NO_FAULTS)
    this.#cluster.start('controllers')
    this.#cluster.start('scheduler')
    for (const node of nodes.values()) await node.start()
    let problems: string[]
    const untilMs = clock.now() + REST_WITHIN_MS
    do {
      await clock.advance(LOOK_EVERY_MS)
      problems = await findProblems(this.#cluster.client)
    } while (problems.length > 0 && clock.now() < untilMs)
    if (problems.length === 0) problems = await this.#problemsLater()
    problems.push(...findViolations(this.#observed))
    if (problems.length > 0) throw new Error(problems.join('\n'))
  }

  /** Something may still be said once, as of a deadline that passes. */
  async #problemsLater(): Promise<string[]> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const before = await this.#versions()
      await this.#cluster.clock.advance(STAYS_MS)
      const problems = await findProblems(this.#cluster.client)
      if (problems.length > 0 || (await this.#versions()) === before) return problems
    }
    return ['something is written again and again']
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#observed.dispose()
    await this.#cluster[Symbol.asyncDispose]()
  }

  /** Of everything but leases and events. */
  async #versions(): Promise<string> {
    const versions: (string | undefined)[] = []
    for (const resource of [PODS, NODES, DAEMON_SETS, DEPLOYMENTS])
      for (const { metadata } of (await this.#cluster.client.list<ApiObject>(resource)).items)
        versions.push(metadata.name, metadata.resourceVersion)
    return versions.join(' ')
  }

  #happen(step: HistoryStep): Promise<void> {
    if ('node' in step) return this.#happenToNode(NODE_NAMES[step.node] ?? NODE_NAMES[0], step)
    if ('set' in step) return this.#happenToSet(SET_NAMES[step.set] ?? SET_NAMES[0], step)
    if ('pod' in step) return this.#happenToPod(step)
    switch (step.does) {
      case 'create deployment':
      case 'scale':
      case 'update deployment':
      case 'delete deployment':
        return this.#happenToDeployment(step)
      default:
        return this.#happenToControlPlane(step)
    }
  }

  async #happenToNode(name: string, happening: NodeHappening): Promise<void> {
    const cluster = this.#cluster
    const patch = (body: object): Promise<unknown> => cluster.client.patch(NODES, { name }, MERGE, body)
    switch (happening.does) {
      case 'add node':
        if (!cluster.nodes.has(name)) await cluster.addNode(name, { disk: 'ssd' })
        return
      case 'remove node':
        return cluster.removeNode(name)
      case 'cordon':
      case 'uncordon':
        return void (await patch({ spec: { unschedulable: happening.does === 'cordon' } }))
      case 'label':
        return void (await patch({ metadata: { labels: { disk: happening.disk } } }))
      case 'taint':
        return this.#taint(name, [{ key: TAINT, effect: happening.effect }])
      case 'untaint':
        return this.#taint(name, [])
      case 'stop kubelet':
        return cluster.nodes.get(name)?.stop()
      case 'start kubelet':
        return cluster.nodes.get(name)?.start()
    }
  }

  /** As kubectl does it: those of others are kept. */
  async #taint(name: string, taints: NonNullable<Node['spec']>['taints'] & {}): Promise<void> {
    const { metadata, spec } = await this.#cluster.client.get<Node>(NODES, { name })
    const others = (spec?.taints ?? []).filter(({ key }) => key !== TAINT)
    const { resourceVersion } = metadata
    const patch = { metadata: { resourceVersion }, spec: { taints: [...others, ...taints] } }
    await this.#cluster.client.patch(NODES, { name }, MERGE, patch)
  }

  async #happenToSet(name: string, happening: SetHappening): Promise<void> {
    const { client } = this.#cluster
    switch (happening.does) {
      case 'create set':
        await client.create(DAEMON_SETS, aDaemonSet(name, happening.onSsdOnly, happening.strategy))
        return
      case 'update set':
        return this.#patch(DAEMON_SETS, name, versionPatch(happening.version))
      case 'change strategy': {
        const set = await client.get(DAEMON_SETS, { namespace: NAMESPACE, name })
        const updateStrategy = UPDATE_STRATEGIES[happening.strategy]
        await client.update(DAEMON_SETS, { ...set, spec: { ...specOf(set), updateStrategy } } as ApiObject)
        return
      }
      case 'change selection': {
        const nodeSelector = { disk: happening.onSsdOnly ? 'ssd' : null }
        return this.#patch(DAEMON_SETS, name, { spec: { template: { spec: { nodeSelector } } } })
      }
      case 'delete set':
        return client.delete(DAEMON_SETS, { namespace: NAMESPACE, name }, { propagationPolicy: 'Background' })
    }
  }

  async #happenToDeployment(happening: DeploymentHappening): Promise<void> {
    const { client } = this.#cluster
    switch (happening.does) {
      case 'create deployment':
        await client.create(DEPLOYMENTS, aDeployment(happening.replicas))
        return
      case 'scale':
        return this.#patch(DEPLOYMENTS, DEPLOYMENT_NAME, { spec: { replicas: happening.replicas } })
      case 'update deployment':
        return this.#patch(DEPLOYMENTS, DEPLOYMENT_NAME, versionPatch(happening.version))
      case 'delete deployment': {
        const address = { namespace: NAMESPACE, name: DEPLOYMENT_NAME }
        return client.delete(DEPLOYMENTS, address, { propagationPolicy: 'Background' })
      }
    }
  }

  async #happenToPod({ does, pod }: PodHappening): Promise<void> {
    const { client } = this.#cluster
    const { items } = await client.list<LivePod>(PODS)
    const chosen = items[pod % Math.max(1, items.length)]
    const { namespace = '', name, uid = '' } = chosen?.metadata ?? {}
    if (name === undefined) return
    this.#observed.deletedByPeople.add(uid)
    if (does !== 'fail pod') {
      const options = does === 'delete pod by force' ? { gracePeriodSeconds: 0 } : {}
      return client.delete(PODS, { namespace, name }, options)
    }
    const address = { namespace, name, subresource: 'status' }
    await client.patch(PODS, address, STRATEGIC, { status: { phase: 'Failed' } })
  }

  async #happenToControlPlane(happening: ControlPlaneHappening): Promise<void> {
    const cluster = this.#cluster
    switch (happening.does) {
      case 'restart controllers':
        await cluster.stop('controllers')
        await settle()
        return cluster.start('controllers')
      case 'stop controllers':
        return cluster.stop('controllers')
      case 'start controllers':
        return cluster.start('controllers')
      case 'stop scheduler':
        return cluster.stop('scheduler')
      case 'start scheduler':
        return cluster.start('scheduler')
      case 'cut watches':
        this.#observed.noteTrouble()
        return cluster.cutWatches()
      case 'forget the past':
        return cluster.compact()
      case 'network':
        return this.#network(happening.faults)
    }
  }

  #network(faults: typeof NO_FAULTS): void {
    this.#observed.noteTrouble(faults === NO_FAULTS ? 'ends' : 'begins')
    this.#cluster.faults = faults
  }

  async #patch(of: GroupVersionResource, name: string, body: object): Promise<void> {
    await this.#cluster.client.patch(of, { namespace: NAMESPACE, name }, STRATEGIC, body)
  }
}

function specOf(object: ApiObject): object {
  return (object as ApiObject & { spec: object }).spec
}
