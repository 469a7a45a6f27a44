/** Labels of a node that follow others (pkg/controller/nodelifecycle reconcileNodeLabels). Pure. */
import type { Node } from '../../common/api/node.ts'

/** Old names of labels, by the names that count. */
const FOLLOWERS = {
  'kubernetes.io/os': 'beta.kubernetes.io/os',
  'kubernetes.io/arch': 'beta.kubernetes.io/arch',
}

/** The labels to be set; none when all is right. */
export function computeFollowingLabels({ metadata }: Node): Record<string, string> {
  const { labels = {} } = metadata
  return Object.fromEntries(
    Object.entries(FOLLOWERS).flatMap(([leader, follower]) => {
      const value = labels[leader]
      return value === undefined || labels[follower] === value ? [] : [[follower, value]]
    }),
  )
}
