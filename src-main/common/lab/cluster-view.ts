/** What a lab's API server says of nodes and pods: what a window shows behind glass, beside what the kubelets say. Plain data. */
import type { Pod } from '../api/core.ts'
import type { Time } from '../api/meta.ts'

/** `away`: nothing answers (its static pod may have been taken away); `connecting`: it has not answered yet. */
export type ApiServerState = 'connecting' | 'ready' | 'away'

/** A Node object. */
export interface ClusterNode {
  name: string
  uid: string
  ready: 'True' | 'False' | 'Unknown'
  /** Why it is not ready. */
  message?: string
  unschedulable: boolean
  /** As `kubectl describe node` prints them: `key=value:effect`. */
  taints: string[]
}

/** Replaced as a whole when anything of it changes. While the server is away it is what was known last. */
export interface ClusterView {
  lab: string
  state: ApiServerState
  /** What the last connection ended with, when it is away. */
  message?: string
  nodes: ClusterNode[]
  /** All pods of the API, mirrors among them, by namespace and name. */
  pods: Pod[]
  observedAt: Time
}
