/**
 * Where a kubelet and an API server meet: the kubelet tells a `ClusterLink` what happens on the node, and shows it what it
 * needs to know by a `ClusterHost`. A kubelet without `--kubeconfig` has no link, and loads none of what is behind it.
 */
import type { Disposable } from '../../base/disposable.ts'
import type { Pod } from '../../common/api/core.ts'
import type { PodStatus } from '../../common/api/pod-status.ts'

export interface ClusterHost {
  /** Those that the node should run, static ones with their static UID. */
  pods(): Pod[]
  pod(uid: string): Pod | undefined
  statusOf(uid: string): PodStatus | undefined
  /** A pod of this full name is still being ended. */
  isEnding(fullName: string): boolean
  /** It was refused and never starts. */
  isRejected(uid: string): boolean
  /** Why the node is not ready, in upstream's words (facts 7.2). */
  problems(): string[]
  areSourcesReady(): boolean
  /** All pods that the server has for this node, without mirrors. */
  setApiPods(pods: Pod[]): void
}

export interface ClusterLink extends Disposable {
  start(): void
  /** The pod is about to be brought up or looked at: a static one gets its mirror. */
  onPodSync(pod: Pod): void
  /** Its status has changed. */
  onPodStatus(uid: string): void
  /** Nothing of it runs any more, and nothing will. */
  onPodFinished(uid: string): void
  /** Of the static pod whose mirror has this UID. */
  staticUidOf(mirrorUid: string): string | undefined
  /** Labels of the node as the server has them; `undefined` until it has told. */
  nodeLabels(): Readonly<Record<string, string>> | undefined
  /** The runtime came, went, or has something else to say. */
  onHealthChanged(): void
  /** Every 2 s, once all sources have delivered (facts 4.7). */
  keepHouse(): void
}

export type ConnectCluster = (host: ClusterHost) => ClusterLink
