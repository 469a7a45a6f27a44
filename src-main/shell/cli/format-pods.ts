/** Pods and timelines as text, in kubectl's columns. */
import type { Pod } from '../../common/api/core.ts'
import { summarizePod } from '../../common/lab/pod-summary.ts'
import { repetitionMark, type TimelineEntry } from '../../common/lab/timeline-entry.ts'
import { formatTable, printable } from './output.ts'

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

/** One line: time of day, node, pod and container, reason, how often where that is more than once, message. */
export function formatTimelineEntry(entry: TimelineEntry): string {
  const subject = [entry.pod?.name ?? entry.file ?? entry.subject, entry.container].filter((part) => part !== undefined)
  const mark = entry.type === 'Warning' ? '!' : ' '
  const repeated = repetitionMark(entry)
  const reason = repeated === '' ? entry.reason : `${entry.reason} (${repeated})`
  return `${entry.time.slice(11, 23)} ${mark} ${entry.node}  ${printable(subject.join('/'))}  ${reason}: ${printable(entry.message.trim().replaceAll(/\s*\n\s*/g, ' '))}`
}
