import { describe, expect, it } from 'vitest'
import { Counter, formatMetrics, gauge, Histogram } from './metric.ts'

describe('given metrics', () => {
  it('when they are written, then the text is Prometheus’', () => {
    const counter = new Counter('things_total', 'Things.')
    counter.add({ kind: 'a "b"\\\n' })
    counter.add({ kind: 'a "b"\\\n' }, 2)
    counter.add({ kind: 'gone' })
    counter.forget(({ kind }) => kind === 'gone')
    const histogram = new Histogram('took_seconds', 'Time.', [0.5, 1])
    for (const value of [0.25, 1, 2]) histogram.observe({}, value)
    const empty = new Counter('none_total', 'None.')
    const now = gauge('level', 'Level.', [{ labels: {}, value: 1.5, timestampMs: 1000 }])
    expect(formatMetrics([counter.family(), histogram.family(), empty.family(), now])).toBe(
      [
        '# HELP things_total Things.',
        '# TYPE things_total counter',
        'things_total{kind="a \\"b\\"\\\\\\n"} 3',
        '# HELP took_seconds Time.',
        '# TYPE took_seconds histogram',
        'took_seconds_bucket{le="0.5"} 1',
        'took_seconds_bucket{le="1"} 2',
        'took_seconds_bucket{le="+Inf"} 3',
        'took_seconds_sum 3.25',
        'took_seconds_count 3',
        '# HELP level Level.',
        '# TYPE level gauge',
        'level 1.5 1000',
        '',
      ].join('\n'),
    )
  })
})
