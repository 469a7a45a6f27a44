import { expect, it } from 'vitest'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import { formatTimelineEntry } from './format-timeline.ts'

const entry: TimelineEntry = {
  ...{ boot: 'b', sequence: 1, time: '2026-01-01T10:20:30.400Z', node: 'node01', type: 'Warning', subject: 'probe' },
  pod: { namespace: 'default', name: 'web-node01', uid: 'u' },
  container: 'app',
  reason: 'Unhealthy',
  message: 'Liveness probe failed: no\n',
}

it('given a failure, then its line says it; and how often, when it is one of many', () => {
  expect(formatTimelineEntry(entry)).toBe('10:20:30.400 ! node01  web-node01/app  Unhealthy: Liveness probe failed: no')
  expect(formatTimelineEntry({ ...entry, details: { count: 8 } })).toContain('  Unhealthy (x8): Liveness probe failed')
})

it.each(['time', 'node', 'reason', 'message', 'container'] as const)(
  'given a pod that writes its own %s, then it cannot steer the terminal, nor begin another line',
  (field) => {
    const line = formatTimelineEntry({ ...entry, [field]: `12345678901\u001B]0;x\u0007\ry` })
    expect(line).toMatch(/^[^\p{Cc}]+$/u)
    expect(line).toContain('\uFFFD]0;x')
  },
)
