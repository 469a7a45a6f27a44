/** Where a pod goes, or why nowhere (pkg/scheduler/schedule_one.go, framework/types.go FitError). Pure. */
import type { Pod } from '../../common/api/core.ts'
import type { NodeInfo } from './node-info.ts'
import type { FilterPlugin, ScorePlugin } from './plugin.ts'

export type Placement =
  | { node: string }
  /** `message` as in the event FailedScheduling; `resolvable`: nodes where ending other pods could help. */
  | { node: undefined; message: string; resolvable: readonly string[] }

/** @param random 0 to 1: chooses among nodes that are as good as one another */
export function computePlacement(
  pod: Pod,
  nodes: readonly NodeInfo[],
  plugins: { filters: readonly FilterPlugin[]; scores: readonly ScorePlugin[] },
  random: () => number,
): Placement {
  const refusals = nodes.map((node) => refuse(pod, node, plugins.filters))
  const feasible = nodes.filter((_, index) => refusals[index] === undefined)
  const [only] = feasible
  if (only === undefined) return nowhere(nodes, refusals)
  if (feasible.length === 1) return { node: only.name }
  const totals = feasible.map(() => 0)
  for (const plugin of plugins.scores)
    plugin.score(pod, feasible).forEach((score, index) => {
      totals[index] = (totals[index] ?? 0) + score * plugin.weight
    })
  const best = Math.max(...totals)
  const candidates = feasible.filter((_, index) => totals[index] === best)
  const chosen = candidates[Math.floor(random() * candidates.length)] ?? only
  return { node: chosen.name }
}

interface Refusal {
  reasons: readonly string[]
  isResolvable: boolean
}

/** The first filter that refuses decides. */
function refuse(pod: Pod, node: NodeInfo, filters: readonly FilterPlugin[]): Refusal | undefined {
  for (const plugin of filters) {
    const reasons = plugin.filter(pod, node)
    if (reasons.length > 0) return { reasons, isResolvable: plugin.isResolvable }
  }
  return undefined
}

function nowhere(nodes: readonly NodeInfo[], refusals: readonly (Refusal | undefined)[]): Placement {
  if (nodes.length === 0) return { node: undefined, message: 'no nodes available to schedule pods', resolvable: [] }
  const counts = new Map<string, number>()
  for (const refusal of refusals)
    for (const reason of refusal?.reasons ?? []) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  const parts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort()
  return {
    node: undefined,
    message: `0/${nodes.length} nodes are available: ${parts.join(', ')}.`,
    resolvable: nodes.flatMap(({ name }, index) => (refusals[index]?.isResolvable === true ? name : [])),
  }
}
