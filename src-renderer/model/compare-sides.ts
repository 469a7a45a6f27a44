/** The agent of each side as it is now: its definition and its pods, node by node. Pure. */
import type { Pod } from '@common/api/core.ts'
import { isMirrorPod } from '@common/api/static-pod.ts'
import { SIDE_NAMES, type SideName } from '@common/experiments/experiment.ts'
import type { ComparisonState } from '@common/experiments/experiment-run.ts'
import type { ClusterView } from '@common/lab/cluster-view.ts'
import type { FileVerdict } from '@common/lab/file-verdict.ts'
import type { LabStatus, NodeView } from '@common/lab/lab-status.ts'
import { findPodOwner } from '@common/lab/pod-tally.ts'

export interface AgentPod {
  /** Unique among all that the page shows. */
  key: string
  node: string
  /** What its kubelet says; absent while that has not heard of it, or cannot be asked. */
  local?: Pod
  /** What the API server says: of a static pod its mirror. */
  api?: Pod
}

export interface AgentNode {
  name: string
  pods: AgentPod[]
  /** Whether the agent's file is in the node's folder. */
  file?: FileVerdict
}

export interface AgentSide {
  side: SideName
  /** Workers, in the lab's order. */
  nodes: AgentNode[]
  /** Of no worker: they wait for a node, or stand on another one. */
  elsewhere: AgentPod[]
}

export interface SidesSource {
  lab: LabStatus
  comparison: Pick<ComparisonState, 'namespace' | 'staticFile' | 'staticPod' | 'workload'>
  views: readonly NodeView[]
  cluster: ClusterView | undefined
}

const KINDS = { daemonSet: 'DaemonSet', deployment: 'Deployment' } as const

/** @param sides in any order; the answer has that of `SIDE_NAMES` */
export function computeSides(source: SidesSource, sides: readonly SideName[]): AgentSide[] {
  const workers = source.lab.nodes.filter(({ role }) => role === 'worker').map(({ name }) => name)
  return SIDE_NAMES.filter((side) => sides.includes(side)).map((side) => {
    const pods = side === 'static' ? staticPods(source) : ownedPods(source, side)
    const nodes = workers.map((name): AgentNode => {
      const file = side === 'static' ? findFile(source, name) : undefined
      return { name, pods: pods.filter(({ node }) => node === name), ...(file !== undefined && { file }) }
    })
    return { side, nodes, elsewhere: pods.filter(({ node }) => !workers.includes(node)) }
  })
}

export function podsOf({ nodes, elsewhere }: AgentSide): AgentPod[] {
  return [...nodes.flatMap(({ pods }) => pods), ...elsewhere]
}

/** What is shown of it: its kubelet knows first. */
export function shownPod({ local, api }: AgentPod): Pod | undefined {
  return local ?? api
}

function findFile({ views, comparison }: SidesSource, node: string): FileVerdict | undefined {
  return views.find((view) => view.node === node)?.files.find(({ name }) => name === comparison.staticFile)
}

function staticPods({ views, cluster, comparison }: SidesSource): AgentPod[] {
  const isAgent = (pod: Pod, node: string): boolean =>
    pod.metadata.namespace === comparison.namespace && pod.metadata.name === `${comparison.staticPod}-${node}`
  const mirrors = (cluster?.pods ?? []).filter(isMirrorPod)
  const nodes = new Set([...views.map(({ node }) => node), ...mirrors.map(({ spec }) => spec.nodeName ?? '')])
  return [...nodes].flatMap((node): AgentPod[] => {
    // While a changed file replaces a pod there are two of the name; the newer one comes last.
    const local = views.find((view) => view.node === node)?.pods.findLast((pod) => isAgent(pod, node))
    const api = mirrors.find((pod) => pod.spec.nodeName === node && isAgent(pod, node))
    if (local === undefined && api === undefined) return []
    return [{ key: `static/${node}`, node, ...(local && { local }), ...(api && { api }) }]
  })
}

function ownedPods({ views, cluster, comparison }: SidesSource, side: 'daemonSet' | 'deployment'): AgentPod[] {
  const isAgent = (pod: Pod): boolean => {
    const owner = findPodOwner(pod)
    return (
      pod.metadata.namespace === comparison.namespace &&
      owner?.kind === KINDS[side] &&
      owner.name === comparison.workload
    )
  }
  return (cluster?.pods ?? []).filter(isAgent).map((api): AgentPod => {
    const { uid = '', name = '' } = api.metadata
    const node = api.spec.nodeName ?? ''
    const local = views
      .find((view) => view.node === node)
      ?.pods.find(({ metadata }) => metadata.uid === uid && metadata.name === name)
    return { key: `${side}/${name}/${uid}`, node, api, ...(local && { local }) }
  })
}

/** What each way of making a pod is used for in this lab besides the agents: static pods, DaemonSets or Deployments, by name. */
export function namesInUse({ cluster, comparison }: SidesSource, side: SideName): string[] {
  const pods = cluster?.pods ?? []
  const names = pods.flatMap((pod) => {
    const { name = '', namespace } = pod.metadata
    if (side === 'static') {
      const ending = `-${pod.spec.nodeName ?? ''}`
      return isMirrorPod(pod) && name.endsWith(ending) ? [name.slice(0, -ending.length)] : []
    }
    const owner = findPodOwner(pod)
    const isAgent = namespace === comparison.namespace && owner?.name === comparison.workload
    return owner?.kind === KINDS[side] && !isAgent ? [owner.name] : []
  })
  return [...new Set(names)].filter((name) => name !== comparison.staticPod).toSorted()
}
