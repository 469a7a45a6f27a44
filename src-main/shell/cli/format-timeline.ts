/** Timeline entries, and what people did, as lines of text. */
import { repetitionMark, type TimelineEntry } from '../../common/lab/timeline-entry.ts'
import type { UserAction } from '../../common/lab/user-action.ts'
import { printable } from './output.ts'

/** One line: time of day, node, pod and container, reason, how often where that is more than once, message. */
export function formatTimelineEntry(entry: TimelineEntry): string {
  const subject = [entry.pod?.name ?? entry.file ?? entry.subject, entry.container].filter((part) => part !== undefined)
  const mark = entry.type === 'Warning' ? '!' : ' '
  const repeated = repetitionMark(entry)
  const reason = repeated === '' ? entry.reason : `${entry.reason} (${repeated})`
  const message = entry.message.trim().replaceAll(/\s*\n\s*/g, ' ')
  return printable(`${entry.time.slice(11, 23)} ${mark} ${entry.node}  ${subject.join('/')}  ${reason}: ${message}`)
}

/** The same columns, marked with `>`: somebody asked for it. */
export function formatAction({ time, kind, lab, node, file, pod, container, component }: UserAction): string {
  const subject = [file ?? component ?? pod?.name, container].filter((part) => part !== undefined)
  const place = [node ?? lab, subject.join('/')].filter((part) => part !== '').join('  ')
  return printable(`${time.slice(11, 23)} > ${place}  ${kind} by you`)
}
