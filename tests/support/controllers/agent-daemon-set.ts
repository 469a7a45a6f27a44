/** The recorded DaemonSet `agent` on two nodes, what users do with it, and what they see of it, in order. */
import { isDeepStrictEqual } from 'node:util'
import { silentLogger } from '../../../src-main/base/logger.ts'
import type { ServedPod } from '../../../src-main/common/api/core.ts'
import type { ControllerRevision } from '../../../src-main/common/api/controller-revision.ts'
import type { DaemonSet, DaemonSetSpec, DaemonSetStatus } from '../../../src-main/common/api/daemon-set.ts'
import type { Node, Taint } from '../../../src-main/common/api/node.ts'
import { isPodReady } from '../../../src-main/common/api/pod-helpers.ts'
import { controllerOf } from '../../../src-main/controller-manager/control/owner-reference.ts'
import { startDaemonSets } from '../../../src-main/controller-manager/daemonset/daemonset-controller.ts'
import { isBound, targetNodeOf } from '../../../src-main/controller-manager/daemonset/daemon-pod.ts'
import type { StartController } from '../../../src-main/controller-manager/controller.ts'
import { Informer } from '../../../src-main/kube/informer.ts'
import { CONTROLLER_REVISIONS, DAEMON_SETS, NODES, PODS } from '../../../src-main/kube/resources.ts'
import { newControllerCluster, type ClusterOptions, type ControllerCluster } from './controller-cluster.ts'

const SECOND = 1000
export const AGENT_AT = { namespace: 'default', name: 'agent' }
/** What the recorded kubelets took: to run a pod, to end one, and to let go of it. */
export const RECORDED_PACE = { startMs: 2 * SECOND, stopMs: SECOND, lingerMs: 5 * SECOND }
const MERGE = 'application/merge-patch+json'
const STRATEGIC = 'application/strategic-merge-patch+json'

export interface AgentCluster extends ControllerCluster {
  /** `node01/1 Running`, and the numbers of the status: what changed since it was last asked for. A pod is named after its node. */
  changes(): string[]
  /** What daemonset-controller told, with the same names for pods. */
  told(): Promise<string[]>
}

/** The recorded manifest. */
export function agentDaemonSet(spec: Partial<DaemonSetSpec> = {}): DaemonSet {
  const command = ['sh', '-c', "trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done"]
  const container = { name: 'c', image: 'bb:v1', command, env: [{ name: 'V', value: '1' }] }
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { ...AGENT_AT },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [container] } },
      ...spec,
    },
  }
}

export interface AgentOptions extends ClusterOptions {
  controllers?: readonly StartController[]
  /** `node01` and `node02` unless told otherwise. */
  nodeCount?: number
}

/** Without the DaemonSet yet. */
export async function newAgentCluster({
  controllers = [startDaemonSets],
  nodeCount = 2,
  ...options
}: AgentOptions = {}): Promise<AgentCluster> {
  const cluster = newControllerCluster(controllers, options)
  for (let number = 1; number <= nodeCount; number++) await addNode(cluster, `node${String(number).padStart(2, '0')}`)
  const watched = new Observer(cluster)
  await cluster.clock.advance(0)
  return {
    ...cluster,
    changes: () => watched.take(),
    told: async () =>
      (await cluster.events())
        .filter((event) => event.endsWith(' (daemonset-controller)'))
        .map((event) => watched.rename(event.replace(' (daemonset-controller)', ''))),
    async [Symbol.asyncDispose]() {
      watched.dispose()
      await cluster[Symbol.asyncDispose]()
    },
  }
}

/** A DaemonSet whose pods run, and nothing of whose beginning is told. */
export async function deployedAgent(
  options: AgentOptions = {},
  spec: Partial<DaemonSetSpec> = {},
): Promise<AgentCluster> {
  const cluster = await newAgentCluster(options)
  await cluster.client.create(DAEMON_SETS, agentDaemonSet(spec))
  await cluster.clock.advance(10 * SECOND)
  cluster.changes()
  return cluster
}

export async function addNode({ client }: ControllerCluster, name: string, more: Partial<Node> = {}): Promise<void> {
  const labels = { 'kubernetes.io/hostname': name }
  const node: Node = { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, ...more }
  await client.create(NODES, node)
}

/** In the place of all that it had. */
export async function taintNode({ client }: ControllerCluster, name: string, taints: readonly Taint[]): Promise<void> {
  await client.patch(NODES, { name }, MERGE, { spec: { taints } })
}

/** A label without a value is taken away. */
export async function labelNode(
  { client }: ControllerCluster,
  name: string,
  labels: Record<string, string | null>,
): Promise<void> {
  await client.patch(NODES, { name }, MERGE, { metadata: { labels } })
}

/** `kubectl set env ds/agent V=…` */
export async function setEnv({ client }: ControllerCluster, value: string): Promise<void> {
  const containers = [{ name: 'c', env: [{ name: 'V', value }] }]
  await client.patch(DAEMON_SETS, AGENT_AT, STRATEGIC, { spec: { template: { spec: { containers } } } })
}

export async function changeAgent({ client }: ControllerCluster, spec: object): Promise<void> {
  await client.patch(DAEMON_SETS, AGENT_AT, MERGE, { spec })
}

export function getAgent({ client }: ControllerCluster): Promise<DaemonSet> {
  return client.get<DaemonSet>(DAEMON_SETS, AGENT_AT)
}

/** The oldest first, by their numbers. */
export async function listRevisions({ client }: ControllerCluster): Promise<ControllerRevision[]> {
  const { items } = await client.list<ControllerRevision>(CONTROLLER_REVISIONS)
  return items.toSorted((one, other) => one.revision - other.revision)
}

export async function podOn(cluster: ControllerCluster, node: string): Promise<ServedPod> {
  const pod = (await cluster.pods()).find((one) => targetNodeOf(one) === node)
  if (pod === undefined) throw new Error(`no pod for ${node}`)
  return pod as ServedPod
}

export async function deletePodOn(cluster: ControllerCluster, node: string): Promise<void> {
  const { namespace = '', name = '' } = (await podOn(cluster, node)).metadata
  await cluster.client.delete(PODS, { namespace, name })
}

/** `2 desired, 2 current, …`, all of it. */
export function formatStatus(status: DaemonSetStatus): string {
  return (
    `${status.desiredNumberScheduled} desired, ${status.currentNumberScheduled} current, ${status.numberReady} ready, ` +
    `${status.updatedNumberScheduled ?? 0} updated, ${status.numberAvailable ?? 0} available, ` +
    `${status.numberUnavailable ?? 0} unavailable, ${status.numberMisscheduled} misscheduled, ` +
    `generation ${status.observedGeneration ?? 0}`
  )
}

/** The same from `desired current ready updated available misscheduled`. */
export function numbers(counts: string, generation = 1): string {
  const [desired = 0, current = 0, ready = 0, updated = 0, available = 0, misscheduled = 0] = counts
    .split(' ')
    .map(Number)
  return formatStatus({
    desiredNumberScheduled: desired,
    currentNumberScheduled: current,
    numberReady: ready,
    updatedNumberScheduled: updated,
    numberAvailable: available,
    numberUnavailable: desired - available,
    numberMisscheduled: misscheduled,
    observedGeneration: generation,
  })
}

/** Watches as a user does. */
class Observer {
  readonly #informers: Informer<ServedPod | DaemonSet>[] = []
  readonly #names = new Map<string, string>()
  readonly #perNode = new Map<string, number>()
  #changes: string[] = []

  constructor({ client, clock }: ControllerCluster) {
    const options = { client, clock, logger: silentLogger, random: () => 0 }
    const pods = new Informer<ServedPod>({ ...options, resource: PODS })
    const sets = new Informer<DaemonSet>({ ...options, resource: DAEMON_SETS })
    pods.follow({
      onAdd: (pod) => this.#changes.push(`${this.#nameOf(pod)} created`),
      onUpdate: (pod, before) => this.#onPod(pod, before),
      onDelete: (pod) => this.#changes.push(`${this.#nameOf(pod)} gone`),
    })
    sets.follow({
      onUpdate: ({ status }, before) => {
        if (status !== undefined && !isDeepStrictEqual(status, before.status)) this.#changes.push(formatStatus(status))
      },
    })
    this.#informers.push(pods as unknown as Informer<ServedPod | DaemonSet>)
    this.#informers.push(sets as unknown as Informer<ServedPod | DaemonSet>)
    for (const informer of this.#informers) informer.start()
  }

  take(): string[] {
    const changes = this.#changes
    this.#changes = []
    return changes
  }

  rename(text: string): string {
    let renamed = text
    for (const [name, alias] of this.#names) renamed = renamed.replace(name, alias)
    return renamed
  }

  dispose(): void {
    for (const informer of this.#informers) informer.dispose()
  }

  #onPod(pod: ServedPod, before: ServedPod): void {
    const say = (what: string): void => void this.#changes.push(`${this.#nameOf(pod)} ${what}`)
    if (isBound(pod) && !isBound(before)) say('bound')
    if (pod.status?.phase !== before.status?.phase) say(pod.status?.phase ?? '')
    if (isPodReady(before) && !isPodReady(pod)) say('not ready')
    const [owner, ownerBefore] = [controllerOf(pod)?.name, controllerOf(before)?.name]
    if (owner !== ownerBefore) say(owner === undefined ? 'released' : `adopted by ${owner}`)
    if (pod.metadata.deletionTimestamp !== undefined && before.metadata.deletionTimestamp === undefined) say('deleted')
  }

  /** The first pod for node01 is `node01/1`. */
  #nameOf(pod: ServedPod): string {
    const { name = '' } = pod.metadata
    const known = this.#names.get(name)
    if (known !== undefined) return known
    const node = targetNodeOf(pod) ?? 'nowhere'
    const number = (this.#perNode.get(node) ?? 0) + 1
    this.#perNode.set(node, number)
    this.#names.set(name, `${node}/${number}`)
    return `${node}/${number}`
  }
}
