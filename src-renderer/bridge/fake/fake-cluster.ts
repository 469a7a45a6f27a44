/** The API server of the in-memory bridge: mirrors of the nodes' static pods, and a few pods of its own. */
import type { Pod } from '@common/api/core.ts'
import type { Time } from '@common/api/meta.ts'
import { CONFIG_MIRROR_ANNOTATION } from '@common/api/kubelet-labels.ts'
import {
  podKey,
  type ApiServerState,
  type ClusterChange,
  type ClusterNode,
  type ClusterView,
} from '@common/lab/cluster-view.ts'
import { computeWorkloadTallies } from '@common/lab/pod-tally.ts'
import type { DrainOutcome } from '@common/lab/drain-outcome.ts'
import type { NodeView } from '@common/lab/lab-status.ts'
import type { ApiEvent } from '@common/lab/api-event.ts'
import { LabError } from '@common/lab-error.ts'
import { awaySince, makeSimulatedNodes, NOT_READY, pinTo, type FakeSimulatedNodes } from './fake-simulated-nodes.ts'

const RECREATE_MS = 140
const REFUSED = 'connect ECONNREFUSED 127.0.0.1:41443'

export const CONTROL_PLANE_NODE = 'controlplane'
const COMPONENTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']

/** The files of a control plane, by name: enough of each to have its pod. */
export const CONTROL_PLANE_FILES: Readonly<Record<string, string>> = Object.fromEntries(
  COMPONENTS.map((name) => [
    `${name}.yaml`,
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: kube-system\n  labels:\n    component: ${name}\n    tier: control-plane\nspec:\n  hostNetwork: true\n  containers:\n    - name: ${name}\n      image: node-lab/control-plane\n      command: [${name}]\n`,
  ]),
)

/** That of kube-controller-manager, as the lab's switch writes it. */
export function schedulingManifest(isOn: boolean): string {
  const command = isOn
    ? '[kube-controller-manager]'
    : '[kube-controller-manager, --feature-gates=ScheduleDaemonSetPods=false]'
  const text = CONTROL_PLANE_FILES['kube-controller-manager.yaml'] ?? ''
  return text.replace('[kube-controller-manager]', command)
}

/** Without this file there is no API server. */
export function isApiServerFile(node: string, name: string): boolean {
  return node === CONTROL_PLANE_NODE && name === 'kube-apiserver.yaml'
}

interface Identity {
  uid: string
  createdAt: Time
}

export class FakeCluster {
  state: ApiServerState = 'connecting'
  private readonly views: () => NodeView[]
  private readonly publish: (change: ClusterChange) => void
  private readonly mirrors = new Map<string, Identity>()
  private readonly absent = new Set<string>()
  private readonly timers = new Set<ReturnType<typeof setTimeout>>()
  private own: Pod[] = []
  /** Made in it by others, such as the agents of the comparison. */
  private guests: readonly Pod[] = []
  private count = 0
  /** While it is away, this stays. */
  private last: ClusterView | undefined
  private told: ClusterView | undefined
  private revision = 1
  private simulated: FakeSimulatedNodes | undefined
  /** Nodes whose kubelets have not reported for long. */
  private readonly unreachable = new Set<string>()
  private readonly cordoned = new Set<string>()
  /** A disruption budget lets no pod of a ReplicaSet go. */
  hasBudget = false

  constructor(views: () => NodeView[], publish: (change: ClusterChange) => void) {
    this.views = views
    this.publish = publish
  }

  become(state: ApiServerState): void {
    if (state === 'away') this.last = this.view()
    this.state = state
    this.changed()
  }

  /** Pods made in the API server: one by hand, one that waits for a node, and as many of a DaemonSet as there are nodes. */
  addOwnPods(): void {
    const nodes = this.views().map(({ node }) => node)
    const agents = nodes.map((node, index) =>
      this.ownPod(`agent-x7k${index}p`, node, { kind: 'DaemonSet', name: 'agent' }),
    )
    const replica = this.ownPod('shop-6d5f7c9b8-q2w4z', nodes[0], { kind: 'ReplicaSet', name: 'shop-6d5f7c9b8' })
    this.own = [...agents, replica, this.ownPod('by-hand', nodes[0]), this.ownPod('waits', undefined)]
    this.changed()
  }

  view(): ClusterView {
    const observedAt = new Date().toISOString()
    if (this.state === 'away' && this.last !== undefined)
      return { ...this.last, revision: this.revision, state: 'away', message: REFUSED, observedAt }
    const isKnown = this.state === 'ready'
    const pods = isKnown
      ? [
          ...this.views().flatMap(({ pods: ofNode }) => ofNode.flatMap((pod) => this.mirror(pod))),
          ...this.own,
          ...this.guests,
        ]
      : []
    const nodes = isKnown
      ? [...this.views().map(({ node }) => this.nodeObject(node)), ...(this.simulated?.nodes ?? [])]
      : []
    return {
      lab: 'default',
      revision: this.revision,
      state: this.state,
      nodes,
      pods: pods.toSorted(byName),
      simulatedWorkloads: isKnown ? computeWorkloadTallies(this.simulated?.pods ?? []) : [],
      observedAt,
    }
  }

  setGuests(pods: readonly Pod[]): void {
    this.guests = pods
    this.changed()
  }

  deletePod(namespace: string, name: string): void {
    if (this.state !== 'ready')
      throw new LabError({ kind: 'Unavailable', message: `the API server of the lab does not answer: ${REFUSED}` })
    const key = `${namespace}/${name}`
    if (this.own.some((pod) => keyOf(pod) === key)) {
      this.own = this.own.filter((pod) => keyOf(pod) !== key)
      return this.changed()
    }
    if (!this.mirrors.delete(key)) throw new LabError({ kind: 'NotFound', message: `pods "${name}" not found` })
    this.absent.add(key)
    this.changed()
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      this.absent.delete(key)
      this.changed()
    }, RECREATE_MS)
    this.timers.add(timer)
  }

  /** A few that are away or cordoned, and two DaemonSets with a pod on each. */
  setSimulatedNodes(count: number): void {
    this.simulated = makeSimulatedNodes(count)
    this.changed()
  }

  /** As after a minute of silence of its kubelet. */
  loseNode(name: string): void {
    this.unreachable.add(name)
    for (const pod of this.own)
      if (pod.spec.nodeName === name && pod.status !== undefined) pod.status.conditions = [NOT_READY]
    this.changed()
  }

  loseNodeAfter(name: string, delayMs: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      this.loseNode(name)
    }, delayMs)
    this.timers.add(timer)
  }

  /** Its kubelet reports again. */
  findNode(name: string): void {
    this.unreachable.delete(name)
    this.changed()
  }

  setSchedulable(name: string, schedulable: boolean): void {
    if (schedulable) this.cordoned.delete(name)
    else this.cordoned.add(name)
    this.changed()
  }

  /** Pods of ReplicaSets come back on another node. */
  drain(name: string): Omit<DrainOutcome, 'mirrorPods'> {
    this.setSchedulable(name, false)
    const onNode = this.own.filter(({ spec }) => spec.nodeName === name)
    const daemonSetPods = onNode.filter((pod) => ownerOf(pod)?.kind === 'DaemonSet')
    const guarded = onNode.filter((pod) => this.hasBudget && ownerOf(pod)?.kind === 'ReplicaSet')
    const evicted = onNode.filter((pod) => !daemonSetPods.includes(pod) && !guarded.includes(pod))
    const other = this.views().find(({ node }) => node !== name && node !== CONTROL_PLANE_NODE)?.node
    const successors = evicted.flatMap((pod) => {
      const owner = ownerOf(pod)
      return owner === undefined ? [] : [this.ownPod(`${owner.name}-n3w${this.count}`, other, owner)]
    })
    this.own = [...this.own.filter((pod) => !evicted.includes(pod)), ...successors]
    this.changed()
    const message = 'The disruption budget shop needs 1 healthy pods and has 1 currently'
    return {
      evicted: evicted.map(keyOf),
      blocked: guarded.map((pod) => ({ pod: keyOf(pod), message })),
      daemonSetPods: daemonSetPods.map(keyOf),
    }
  }

  podsOf(node: string): Pod[] {
    return [...this.own, ...this.guests, ...(this.simulated?.pods ?? [])].filter(({ spec }) => spec.nodeName === node)
  }

  eventsOf(name: string): ApiEvent[] {
    const local = this.views().flatMap(({ pods }) => pods.filter(({ metadata }) => metadata.name === name))
    const pod = this.own.find(({ metadata }) => metadata.name === name)
    if (pod?.spec.nodeName === undefined) return local.flatMap(kubeletEventsOf)
    const uid = pod.metadata.uid ?? ''
    const lastSeen = pod.metadata.creationTimestamp ?? ''
    const message = `Successfully assigned default/${name} to ${pod.spec.nodeName}`
    return [{ uid, type: 'Normal', reason: 'Scheduled', message, component: 'default-scheduler', count: 1, lastSeen }]
  }

  changed(): void {
    const before = this.told
    this.revision += 1
    const { nodes, pods, ...rest } = (this.told = this.view())
    this.publish({
      ...rest,
      nodes,
      goneNodes: (before?.nodes ?? []).flatMap(({ name }) => (nodes.some((one) => one.name === name) ? [] : [name])),
      pods,
      gonePods: (before?.pods ?? []).map(podKey).filter((key) => !pods.some((pod) => podKey(pod) === key)),
    })
  }

  dispose(): void {
    for (const timer of this.timers) clearTimeout(timer)
  }

  private mirror(pod: Pod): Pod[] {
    const key = keyOf(pod)
    if (this.absent.has(key)) return []
    const identity = this.mirrors.get(key) ?? this.newIdentity()
    this.mirrors.set(key, identity)
    const { metadata, spec } = pod
    const node = spec.nodeName ?? ''
    return [
      {
        ...pod,
        metadata: {
          ...metadata,
          uid: identity.uid,
          creationTimestamp: identity.createdAt,
          resourceVersion: String(100 + this.count),
          annotations: { ...metadata.annotations, [CONFIG_MIRROR_ANNOTATION]: metadata.uid ?? '' },
          ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node, uid: `uid-of-${node}`, controller: true }],
        },
      },
    ]
  }

  private ownPod(name: string, node: string | undefined, owner?: { kind: string; name: string }): Pod {
    const { uid, createdAt } = this.newIdentity()
    const pinned = owner?.kind === 'DaemonSet' && node !== undefined ? pinTo(node) : {}
    const reference = owner && { ...owner, apiVersion: 'apps/v1', uid: `uid-of-${owner.name}`, controller: true }
    const running = { name: 'app', image: 'nginx', imageID: '', ready: true, restartCount: 0, lastState: {} }
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace: 'default',
        uid,
        creationTimestamp: createdAt,
        labels: {
          app: owner?.name ?? name,
          ...(owner?.kind === 'ReplicaSet' && { 'pod-template-hash': owner.name.split('-').at(-1) ?? '' }),
        },
        ...(reference && { ownerReferences: [reference] }),
      },
      spec: { containers: [{ name: 'app', image: 'nginx' }], ...(node !== undefined && { nodeName: node }), ...pinned },
      status:
        node === undefined
          ? { phase: 'Pending' }
          : {
              phase: 'Running',
              conditions: [{ type: 'Ready', status: 'True' }],
              containerStatuses: [{ ...running, state: { running: { startedAt: createdAt } } }],
            },
    }
  }

  private nodeObject(name: string): ClusterNode {
    const isControlPlane = name === CONTROL_PLANE_NODE
    const node: ClusterNode = {
      name,
      uid: `uid-of-${name}`,
      ready: 'True',
      unschedulable: this.cordoned.has(name),
      taints: isControlPlane ? ['node-role.kubernetes.io/control-plane:NoSchedule'] : [],
    }
    return this.unreachable.has(name) ? { ...node, ...awaySince(90_000) } : node
  }

  private newIdentity(): Identity {
    this.count += 1
    return {
      uid: `00000000-0000-4000-8000-${String(this.count).padStart(12, '0')}`,
      createdAt: new Date().toISOString(),
    }
  }
}

function keyOf({ metadata }: Pod): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name ?? ''}`
}

function ownerOf({ metadata }: Pod): { kind: string; name: string } | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true)
}

function byName(one: Pod, other: Pod): number {
  return keyOf(one) < keyOf(other) ? -1 : 1
}

/** A kubelet's events of a static pod are about the static UID, not about its mirror's (facts 3.2). */
function kubeletEventsOf({ metadata, status }: Pod): ApiEvent[] {
  return (status?.containerStatuses ?? []).flatMap(({ name, state }) =>
    state?.running === undefined
      ? []
      : [
          {
            ...{ uid: metadata.uid ?? '', type: 'Normal', reason: 'Started', component: 'kubelet' },
            ...{ message: `Started container ${name}`, count: 1, lastSeen: state.running.startedAt ?? '' },
          },
        ],
  )
}
