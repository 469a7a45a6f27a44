/** Pods that want to be with others, or apart from them: what they insist on (plugins/interpodaffinity/filtering.go). */
import { meansPod, type AffinityTerm, type NamespaceLabels } from '../framework/affinity-terms.ts'
import { askOnce } from '../framework/ask-once.ts'
import type { NodeInfo } from '../framework/node-info.ts'
import type { ClusterView, FilterPlugin, NodeFilter, Refusal } from '../framework/plugin.ts'
import type { PodInfo } from '../framework/pod-info.ts'
import { TopologyCounts } from './topology-counts.ts'

const NAME = 'InterPodAffinity'
const REPELLED: Refusal = {
  plugin: NAME,
  reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"],
  isResolvable: true,
}
const NOT_ATTRACTED: Refusal = {
  plugin: NAME,
  reasons: ["node(s) didn't match pod affinity rules"],
  isResolvable: false,
}
const REPELLING: Refusal = {
  plugin: NAME,
  reasons: ["node(s) didn't match pod anti-affinity rules"],
  isResolvable: true,
}

export const interPodAffinity: FilterPlugin = {
  name: NAME,
  prepare(pod, cluster) {
    const filter = new AffinityFilter(pod, cluster)
    return filter.hasObjections ? filter : undefined
  },
}

class AffinityFilter implements NodeFilter {
  readonly plugin = NAME
  readonly #pod: PodInfo
  readonly #namespaceLabels: NamespaceLabels
  /** Which pods the terms of this one mean. */
  readonly #isWanted: (pod: PodInfo) => boolean
  readonly #avoidedTerms: readonly { term: AffinityTerm; isMeant: (pod: PodInfo) => boolean }[]
  /** Where pods are that repel this one. */
  readonly #repelling = new TopologyCounts()
  /** Where pods are that this one wants to be with: those that all its terms mean. */
  readonly #attracting = new TopologyCounts()
  /** Where pods are that this one wants to be apart from. */
  readonly #avoided = new TopologyCounts()
  readonly #meansItself: boolean

  constructor(pod: PodInfo, cluster: ClusterView) {
    this.#pod = pod
    this.#namespaceLabels = cluster.namespaceLabels
    const { required, requiredAnti } = pod.affinity
    const isMeantBy = (term: AffinityTerm) => (other: PodInfo) => meansPod(term, other.pod, cluster.namespaceLabels)
    this.#isWanted = askOnce((other) => required.length > 0 && required.every((term) => isMeantBy(term)(other)))
    this.#avoidedTerms = requiredAnti.map((term) => ({ term, isMeant: askOnce(isMeantBy(term)) }))
    this.#meansItself = this.#isWanted(pod)
    const asksForOthers = required.length + requiredAnti.length > 0
    for (const node of cluster.nodes)
      for (const other of asksForOthers ? node.pods.values() : node.podsWithAffinity) this.#count(other, node, 1)
  }

  get hasObjections(): boolean {
    const { required, requiredAnti } = this.#pod.affinity
    return required.length + requiredAnti.length > 0 || !this.#repelling.isEmpty
  }

  judge({ labels }: NodeInfo): Refusal | undefined {
    const { required, requiredAnti } = this.#pod.affinity
    if (this.#repelling.hasAny(labels)) return REPELLED
    if (required.length > 0 && !this.#isAttractedTo(labels)) return NOT_ATTRACTED
    return requiredAnti.some((term) => this.#avoided.has(term, labels)) ? REPELLING : undefined
  }

  assumePod(other: PodInfo, node: NodeInfo, change: 'added' | 'removed'): void {
    this.#count(other, node, change === 'added' ? 1 : -1)
  }

  /** The first of a group that wants to be together may go where there is none yet. */
  #isAttractedTo(labels: NodeInfo['labels']): boolean {
    const { required } = this.#pod.affinity
    if (required.some(({ topologyKey }) => labels[topologyKey] === undefined)) return false
    if (required.every((term) => this.#attracting.has(term, labels))) return true
    return this.#attracting.isEmpty && this.#meansItself
  }

  #count(other: PodInfo, { labels }: NodeInfo, sign: 1 | -1): void {
    for (const term of other.affinity.requiredAnti)
      if (meansPod(term, this.#pod.pod, this.#namespaceLabels)) this.#repelling.add(term, labels, sign)
    if (this.#isWanted(other)) for (const term of this.#pod.affinity.required) this.#attracting.add(term, labels, sign)
    for (const { term, isMeant } of this.#avoidedTerms) if (isMeant(other)) this.#avoided.add(term, labels, sign)
  }
}
