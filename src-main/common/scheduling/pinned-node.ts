/** The one node that a pod's required affinity names, as the DaemonSet controller writes it (facts 6.3.3). */
import type { Pod } from '../api/core.ts'

/** Pure; `undefined` for every other affinity, and for none. */
export function findPinnedNode({ spec }: Pod): string | undefined {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  const [field, ...others] = terms[0]?.matchFields ?? []
  const isPin = field?.key === 'metadata.name' && field.operator === 'In' && field.values?.length === 1
  return terms.length === 1 && others.length === 0 && isPin ? field.values?.[0] : undefined
}
