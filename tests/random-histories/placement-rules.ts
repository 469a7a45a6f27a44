/** Where pods of a DaemonSet may be, said once more for the tests: as the facts have it (6.2), not as the controller does it. */
import type { Pod } from '../../src-main/common/api/core.ts'
import type { DaemonSet } from '../../src-main/common/api/daemon-set.ts'
import type { Node, Taint } from '../../src-main/common/api/node.ts'

/** What is written into pods of DaemonSets (facts 6.2.4); these pods do not use the host's network. */
const AUTOMATIC: readonly Pick<Taint, 'key' | 'effect'>[] = [
  { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
]

/** `one`: a pod; `none`: no pod; `as it is`: no new pod. The templates of these tests tolerate nothing by themselves. */
export function podsOn(set: DaemonSet, node: Node): 'one' | 'none' | 'as it is' {
  const { labels = {} } = node.metadata
  const selector = Object.entries(set.spec.template.spec.nodeSelector ?? {})
  if (selector.some(([key, value]) => labels[key] !== value)) return 'none'
  const bad = (node.spec?.taints ?? []).filter(
    (taint) => !AUTOMATIC.some(({ key, effect }) => key === taint.key && effect === taint.effect),
  )
  if (bad.some(({ effect }) => effect === 'NoExecute')) return 'none'
  return bad.some(({ effect }) => effect === 'NoSchedule') ? 'as it is' : 'one'
}

/** Whether it may stay where it is; for a while is not enough. */
export function mayStay(pod: Pod, node: Node): boolean {
  return (node.spec?.taints ?? []).every((taint) => taint.effect !== 'NoExecute' || tolerates(pod, taint))
}

/** Whether the scheduler may give this node to this pod. */
export function mayBeGiven(pod: Pod, node: Node): boolean {
  const { spec } = pod
  const { labels = {} } = node.metadata
  if (Object.entries(spec.nodeSelector ?? {}).some(([key, value]) => labels[key] !== value)) return false
  return (node.spec?.taints ?? []).every((taint) => taint.effect === 'PreferNoSchedule' || tolerates(pod, taint))
}

function tolerates({ spec }: Pod, taint: Taint): boolean {
  return (spec.tolerations ?? []).some(
    ({ key, effect }) => key === taint.key && (effect ?? taint.effect) === taint.effect,
  )
}
