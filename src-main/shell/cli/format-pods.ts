/** Pods as text, in kubectl's columns. */
import type { Pod } from '../../common/api/core.ts'
import { summarizePod } from '../../common/lab/pod-summary.ts'
import { formatTable } from './output.ts'

/** `nowMs`: milliseconds since the epoch. */
export function formatPods(pods: readonly Pod[], nowMs: number, wide: boolean): string[] {
  const summaries = pods.map((pod) => summarizePod(pod, nowMs))
  const severalNamespaces = summaries.some((pod) => pod.namespace !== 'default')
  const header = [
    ...(severalNamespaces ? ['NAMESPACE'] : []),
    'NAME',
    'READY',
    'STATUS',
    'RESTARTS',
    'AGE',
    ...(wide ? ['IP', 'NODE', 'UID'] : ['NODE']),
  ]
  const rows = summaries.map((pod) => [
    ...(severalNamespaces ? [pod.namespace] : []),
    pod.name,
    pod.ready,
    pod.status,
    pod.restarts,
    pod.age,
    ...(wide ? [pod.ip, pod.node, pod.uid] : [pod.node]),
  ])
  return formatTable(header, rows)
}
