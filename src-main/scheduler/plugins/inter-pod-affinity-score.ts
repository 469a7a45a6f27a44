/** Pods that like to be with others, or apart from them (plugins/interpodaffinity/scoring.go). */
import { meansPod, type WeightedAffinityTerm } from '../framework/affinity-terms.ts'
import { askOnce } from '../framework/ask-once.ts'
import { MAX_SCORE, type ScorePlugin } from '../framework/plugin.ts'
import type { PodInfo } from '../framework/pod-info.ts'
import { TopologyCounts } from './topology-counts.ts'

/** How much it counts that another pod insists on being with this one (hardPodAffinityWeight). */
const REQUIRED_WEIGHT = 1

export const interPodAffinityScore: ScorePlugin = {
  name: 'InterPodAffinity',
  weight: 2,
  score(pod, nodes, cluster) {
    const sums = new TopologyCounts()
    const { preferred } = pod.affinity
    const own = preferred.map((term) => ({
      term,
      isMeant: askOnce((other) => meansPod(term, other.pod, cluster.namespaceLabels)),
    }))
    for (const node of cluster.nodes) {
      for (const other of node.podsWithAffinity)
        for (const term of wishesOf(other))
          if (meansPod(term, pod.pod, cluster.namespaceLabels)) sums.add(term, node.labels, term.weight)
      if (own.length === 0) continue
      for (const other of node.pods.values())
        for (const { term, isMeant } of own) if (isMeant(other)) sums.add(term, node.labels, term.weight)
    }
    return sums.isEmpty ? undefined : scale(nodes.map(({ labels }) => sums.sum(labels)))
  },
}

function wishesOf({ affinity: { required, preferred } }: PodInfo): WeightedAffinityTerm[] {
  return [...required.map((term) => ({ ...term, weight: REQUIRED_WEIGHT })), ...preferred]
}

/** From the least to the greatest becomes 0 to 100. */
function scale(sums: readonly number[]): number[] {
  const least = Math.min(...sums)
  const range = Math.max(...sums) - least
  return sums.map((sum) => (range === 0 ? 0 : Math.floor(MAX_SCORE * ((sum - least) / range))))
}
