/** Nodes that were cordoned (plugins/nodeunschedulable). */
import { findUntolerated } from '../../common/scheduling/tolerations.ts'
import type { Pod } from '../../common/api/core.ts'
import { localFilter } from './local-filter.ts'

/** Who tolerates this taint may come in spite of it, as daemons do. */
const UNSCHEDULABLE_TAINT = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const

export const nodeUnschedulable = localFilter({
  name: 'NodeUnschedulable',
  isResolvable: false,
  refuse: ({ pod }, { node }) =>
    node.spec?.unschedulable === true && !toleratesUnschedulable(pod) ? 'node(s) were unschedulable' : undefined,
})

export function toleratesUnschedulable({ spec }: Pod): boolean {
  return findUntolerated([UNSCHEDULABLE_TAINT], spec.tolerations ?? [], ['NoSchedule']) === undefined
}
