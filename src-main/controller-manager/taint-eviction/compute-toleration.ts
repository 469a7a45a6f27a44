/** How long a pod may stay on a tainted node (pkg/controller/tainteviction; facts 7.8, 7.9). Pure. */
import type { Toleration } from '../../common/api/core.ts'
import type { Node, Taint } from '../../common/api/node.ts'
import { toleratesTaint } from '../../common/scheduling/tolerations.ts'

/** The taints that drive pods away. */
export function noExecuteTaints(node: Node): Taint[] {
  return (node.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute')
}

/** Milliseconds; 0: not at all; `Infinity`: for good. Of the tolerations of a taint the first one counts, of the taints the hardest. */
export function computeTolerationMs(taints: readonly Taint[], tolerations: readonly Toleration[]): number {
  const seconds = taints.map((taint) => {
    const toleration = tolerations.find((each) => toleratesTaint(each, taint))
    return toleration === undefined ? 0 : (toleration.tolerationSeconds ?? Infinity)
  })
  return Math.max(0, Math.min(Infinity, ...seconds)) * 1000
}
