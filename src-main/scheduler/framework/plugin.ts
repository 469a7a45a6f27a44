/** What the scheduler is made of (pkg/scheduler/framework): filters say whether a node will do, scores how well. */
import type { Pod } from '../../common/api/core.ts'
import type { NodeInfo } from './node-info.ts'

export interface FilterPlugin {
  /** Upstream's name. */
  readonly name: string
  /** Why the node will not do, in upstream's words; nothing when it will. */
  filter(pod: Pod, node: NodeInfo): readonly string[]
  /** Whether ending other pods could help. */
  readonly isResolvable: boolean
}

export interface ScorePlugin {
  readonly name: string
  /** How much its scores count. */
  readonly weight: number
  /** 0 to 100 for each node that will do, in their order. */
  score(pod: Pod, nodes: readonly NodeInfo[]): readonly number[]
}

export const MAX_SCORE = 100

/** Scales so that the greatest becomes 100 (helper.DefaultNormalizeScore). `reverse`: the greatest becomes 0. */
export function normalize(scores: readonly number[], reverse = false): number[] {
  const greatest = Math.max(0, ...scores)
  if (greatest === 0) return scores.map(() => (reverse ? MAX_SCORE : 0))
  return scores.map((score) => {
    const scaled = Math.floor((score * MAX_SCORE) / greatest)
    return reverse ? MAX_SCORE - scaled : scaled
  })
}
