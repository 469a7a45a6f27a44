/** A node as the scheduler counts it: what it has, and the pods that are on it or are on their way (framework.NodeInfo). */
import type { Node } from '../../common/api/node.ts'
import { amountsOfList, type ResourceAmounts } from '../../common/scheduling/pod-requests.ts'
import type { PodInfo, ScoredAmounts } from './pod-info.ts'

/** What filters and scores see of it. */
export interface NodeInfo {
  readonly node: Node
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** `pods` is the greatest number of pods. */
  readonly allocatable: ResourceAmounts
  /** By uid. */
  readonly pods: ReadonlyMap<string, PodInfo>
  /** Those of `pods` that say something about other pods. */
  readonly podsWithAffinity: ReadonlySet<PodInfo>
  readonly requested: ResourceAmounts
  readonly scoredRequests: Readonly<ScoredAmounts>
}

/** A node whose sums are kept up to date, pod by pod. */
export class CountedNode implements NodeInfo {
  #node: Node
  #allocatable: ResourceAmounts
  readonly #pods = new Map<string, PodInfo>()
  readonly #podsWithAffinity = new Set<PodInfo>()
  readonly #requested = new Map<string, bigint>()
  readonly #scored: ScoredAmounts = { cpu: 0, memory: 0 }

  constructor(node: Node, pods: Iterable<PodInfo> = []) {
    this.#node = node
    this.#allocatable = amountsOfList(node.status?.allocatable ?? {})
    for (const pod of pods) this.addPod(pod)
  }

  get node(): Node {
    return this.#node
  }

  set node(node: Node) {
    this.#node = node
    this.#allocatable = amountsOfList(node.status?.allocatable ?? {})
  }

  get name(): string {
    return this.#node.metadata.name ?? ''
  }

  get labels(): Readonly<Record<string, string>> {
    return this.#node.metadata.labels ?? {}
  }

  get allocatable(): ResourceAmounts {
    return this.#allocatable
  }

  get pods(): ReadonlyMap<string, PodInfo> {
    return this.#pods
  }

  get podsWithAffinity(): ReadonlySet<PodInfo> {
    return this.#podsWithAffinity
  }

  get requested(): ResourceAmounts {
    return this.#requested
  }

  get scoredRequests(): Readonly<ScoredAmounts> {
    return this.#scored
  }

  /** In the place of what had its uid. */
  addPod(pod: PodInfo): void {
    this.removePod(pod.uid)
    this.#pods.set(pod.uid, pod)
    const { required, requiredAnti, preferred } = pod.affinity
    if (required.length + requiredAnti.length + preferred.length > 0) this.#podsWithAffinity.add(pod)
    this.#count(pod, 1)
  }

  removePod(uid: string): void {
    const pod = this.#pods.get(uid)
    if (pod === undefined) return
    this.#pods.delete(uid)
    this.#podsWithAffinity.delete(pod)
    this.#count(pod, -1)
  }

  /** For trying out what would be; the original does not change with it. */
  copy(): CountedNode {
    return new CountedNode(this.#node, this.#pods.values())
  }

  #count({ requests, scoredRequests }: PodInfo, sign: 1 | -1): void {
    for (const [resource, amount] of requests)
      this.#requested.set(resource, (this.#requested.get(resource) ?? 0n) + BigInt(sign) * amount)
    this.#scored.cpu += sign * scoredRequests.cpu
    this.#scored.memory += sign * scoredRequests.memory
  }
}
