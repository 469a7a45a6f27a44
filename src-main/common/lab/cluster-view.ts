/** What a lab's API server says of nodes and pods: what a window shows behind glass, beside what the kubelets say. Plain data. */
import type { Pod } from '../api/core.ts'
import type { Time } from '../api/meta.ts'
import type { PodTally, WorkloadTally } from './pod-tally.ts'

/** `away`: nothing answers (its static pod may have been taken away); `connecting`: it has not answered yet. */
export type ApiServerState = 'connecting' | 'ready' | 'away'

/** A Node object. */
export interface ClusterNode {
  name: string
  uid: string
  ready: 'True' | 'False' | 'Unknown'
  /** Since when it is so. */
  since?: Time
  /** Why it is not ready: the condition's reason and message. */
  reason?: string
  message?: string
  unschedulable: boolean
  /** As `kubectl describe node` prints them: `key=value:effect`. */
  taints: string[]
  /** Of a simulated node only: its pods, and those that wait for it, are counted instead of told one by one. */
  simulated?: PodTally
}

/** While the server is away it is what was known last. */
export interface ClusterView {
  lab: string
  /** Grows by one with each change, and by more when the server is followed anew. */
  revision: number
  state: ApiServerState
  /** What the last connection ended with, when it is away. */
  message?: string
  /** By name. */
  nodes: ClusterNode[]
  /** Pods of the API, mirrors among them, by namespace and name; without those of simulated nodes. */
  pods: Pod[]
  /** Who owns the pods of simulated nodes. */
  simulatedWorkloads: WorkloadTally[]
  observedAt: Time
}

/** What became different: all of `ClusterView` but its lists, and of those only what changed. */
export interface ClusterChange {
  lab: string
  /** Of the view with this change. */
  revision: number
  state: ApiServerState
  message?: string
  nodes: ClusterNode[]
  goneNodes: string[]
  pods: Pod[]
  /** `namespace/name`. */
  gonePods: string[]
  /** Whole; absent when it is as it was. */
  simulatedWorkloads?: WorkloadTally[]
  observedAt: Time
}

/** Of a server that has not been followed yet. */
export function emptyClusterView(lab: string, observedAt: Time): ClusterView {
  return { lab, revision: 0, state: 'connecting', nodes: [], pods: [], simulatedWorkloads: [], observedAt }
}

/**
 * Pure. A change that the view has already changes nothing; `undefined` when changes before it are missing, so that the whole
 * has to be read anew.
 */
export function applyClusterChange(view: ClusterView | undefined, change: ClusterChange): ClusterView | undefined {
  if (view === undefined || change.revision > view.revision + 1) return undefined
  if (change.revision <= view.revision) return view
  const { lab, revision, state, message, simulatedWorkloads = view.simulatedWorkloads, observedAt } = change
  return {
    lab,
    revision,
    state,
    ...(message !== undefined && { message }),
    nodes: merge(view.nodes, change.nodes, change.goneNodes, ({ name }) => name),
    pods: merge(view.pods, change.pods, change.gonePods, podKey),
    simulatedWorkloads,
    observedAt,
  }
}

/** `namespace/name`: by this pods are in order. */
export function podKey({ metadata }: Pod): string {
  return `${metadata.namespace ?? ''}/${metadata.name ?? ''}`
}

/** What did not change stays the same list, so that nobody looks at it again. */
function merge<Item>(
  before: Item[],
  changed: readonly Item[],
  gone: readonly string[],
  keyOf: (item: Item) => string,
): Item[] {
  if (changed.length === 0 && gone.length === 0) return before
  const items = new Map(before.map((item) => [keyOf(item), item]))
  for (const key of gone) items.delete(key)
  for (const item of changed) items.set(keyOf(item), item)
  return [...items].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, item]) => item)
}
