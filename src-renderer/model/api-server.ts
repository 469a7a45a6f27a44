/** Whether a lab's API server can be believed now, and if not, which part of its making is missing. Pure. */
import type { ApiServerState, ClusterView } from '@common/lab/cluster-view.ts'
import type { LabStatus, NodeView } from '@common/lab/lab-status.ts'
import { summarizePod } from '@common/lab/pod-summary.ts'

/** The static pod's namespace and the name of its manifest without the node's (facts 9.2). */
const NAMESPACE = 'kube-system'
const COMPONENT = 'kube-apiserver'

/**
 * `node-off`: its node does not run; `no-file`: its manifest is not there; `pod`: its pod is not in order, as `status` says;
 * `unknown`: its kubelet sees nothing wrong, or does not say.
 */
export type AwayReason =
  | { kind: 'node-off' }
  | { kind: 'no-file' }
  | { kind: 'pod'; status: string }
  | { kind: 'unknown' }

export interface ApiServerReading {
  state: ApiServerState
  /** Present when it is away. */
  reason?: AwayReason
}

/** `undefined`: the lab has no control plane. `view` is that of the node that the API server runs on. */
export function readApiServer(
  lab: LabStatus,
  cluster: ClusterView | undefined,
  view: NodeView | undefined,
): ApiServerReading | undefined {
  const { apiServer } = lab
  if (apiServer === undefined) return undefined
  const state = lab.nodes.find(({ name }) => name === apiServer.node)?.state
  if (state !== 'running' && state !== 'starting') return { state: 'away', reason: { kind: 'node-off' } }
  if (cluster?.state !== 'away') return { state: cluster?.state ?? 'connecting' }
  return { state: 'away', reason: findReason(apiServer.node, view) }
}

function findReason(node: string, view: NodeView | undefined): AwayReason {
  if (view === undefined) return { kind: 'unknown' }
  const name = `${COMPONENT}-${node}`
  if (!view.files.some(({ pod }) => pod?.name === name && pod.namespace === NAMESPACE)) return { kind: 'no-file' }
  const pod = view.pods.find(({ metadata }) => metadata.name === name && metadata.namespace === NAMESPACE)
  if (pod === undefined) return { kind: 'unknown' }
  const { status, readyContainers, totalContainers } = summarizePod(pod, 0)
  return status === 'Running' && readyContainers === totalContainers ? { kind: 'unknown' } : { kind: 'pod', status }
}
