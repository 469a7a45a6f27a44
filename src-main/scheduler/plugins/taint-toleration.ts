/** Taints of nodes: `NoSchedule` and `NoExecute` keep pods off, `PreferNoSchedule` rather so (plugins/tainttoleration). */
import type { Pod } from '../../common/api/core.ts'
import type { Node } from '../../common/api/node.ts'
import { findUntolerated, toleratesTaint } from '../../common/scheduling/tolerations.ts'
import { normalize, type ScorePlugin } from '../framework/plugin.ts'
import { localFilter } from './local-filter.ts'

export const taintToleration = localFilter({
  name: 'TaintToleration',
  isResolvable: false,
  refuse: ({ pod }, { node }) => (toleratesNode(pod, node) ? undefined : 'node(s) had untolerated taint(s)'),
})

export function toleratesNode({ spec }: Pod, node: Node): boolean {
  return findUntolerated(node.spec?.taints ?? [], spec.tolerations ?? [], ['NoSchedule', 'NoExecute']) === undefined
}

export const taintTolerationScore: ScorePlugin = {
  name: 'TaintToleration',
  weight: 3,
  score({ pod }, nodes) {
    const tolerations = (pod.spec.tolerations ?? []).filter(
      ({ effect }) => effect === undefined || effect === 'PreferNoSchedule',
    )
    const counts = nodes.map(
      ({ node }) =>
        (node.spec?.taints ?? []).filter(
          (taint) =>
            taint.effect === 'PreferNoSchedule' && !tolerations.some((toleration) => toleratesTaint(toleration, taint)),
        ).length,
    )
    return normalize(counts, true)
  },
}
