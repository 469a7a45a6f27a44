/** Simulated nodes of the in-memory bridge: most of them well, a few not. */
import type { Pod, PodSpec } from '@common/api/core.ts'
import type { PodCondition } from '@common/api/pod-status.ts'
import type { ClusterNode } from '@common/lab/cluster-view.ts'
import { computePodTally } from '@common/lab/pod-tally.ts'

const REPLICAS_PER_NODE = 3

export interface FakeSimulatedNodes {
  nodes: ClusterNode[]
  pods: Pod[]
}

export const NOT_READY: PodCondition = { type: 'Ready', status: 'False' }

export function makeSimulatedNodes(count: number): FakeSimulatedNodes {
  const names = Array.from({ length: count }, (_, index) => `sim${String(index + 1).padStart(3, '0')}`)
  const pods = names.flatMap((node, index) => podsOf(node, index))
  const nodes = names.map((name, index): ClusterNode => {
    const isAway = index % 67 === 40
    return {
      name,
      uid: `uid-of-${name}`,
      ready: 'True',
      unschedulable: index % 50 === 17,
      taints: [],
      simulated: computePodTally(pods.filter(({ spec }) => spec.nodeName === name)),
      ...(isAway && awaySince(75_000)),
    }
  })
  return { nodes, pods }
}

/** What the node controller writes of a node whose kubelet is silent. */
export function awaySince(
  milliseconds: number,
): Pick<ClusterNode, 'ready' | 'since' | 'reason' | 'message' | 'taints'> {
  return {
    ready: 'Unknown',
    since: new Date(Date.now() - milliseconds).toISOString(),
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
    taints: ['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute'],
  }
}

/** The affinity of a DaemonSet's pod. */
export function pinTo(node: string): Pick<PodSpec, 'affinity'> {
  const matchFields = [{ key: 'metadata.name', operator: 'In' as const, values: [node] }]
  return {
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] } },
    },
  }
}

function podsOf(node: string, index: number): Pod[] {
  const agents = ['log-collector', 'node-monitor'].map((name) =>
    aPod(`${name}-${node}`, node, { kind: 'DaemonSet', name }, name !== 'log-collector' || index % 29 !== 11),
  )
  const replicas = Array.from({ length: index % 9 === 4 ? 0 : REPLICAS_PER_NODE }, (_, number) =>
    aPod(`shop-6d5f7c9b8-${node}-${number}`, node, { kind: 'ReplicaSet', name: 'shop-6d5f7c9b8' }, true),
  )
  return [...agents, ...replicas]
}

function aPod(name: string, node: string, owner: { kind: string; name: string }, isReady: boolean): Pod {
  const labels = { app: owner.name, ...(owner.kind === 'ReplicaSet' && { 'pod-template-hash': '6d5f7c9b8' }) }
  const reference = { ...owner, apiVersion: 'apps/v1', uid: `uid-of-${owner.name}`, controller: true }
  const container = { name: 'app', image: 'nginx', imageID: '', ready: isReady, restartCount: 0, lastState: {} }
  return {
    metadata: { name, namespace: 'default', uid: `uid-of-${name}`, labels, ownerReferences: [reference] },
    spec: { nodeName: node, containers: [{ name: 'app', image: 'nginx' }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
      containerStatuses: [{ ...container, state: { running: { startedAt: new Date().toISOString() } } }],
    },
  }
}
