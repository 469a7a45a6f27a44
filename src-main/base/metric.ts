/** Counters and histograms in memory, and Prometheus' text format (version 0.0.4) for them. */

export type Labels = Readonly<Record<string, string>>

export interface MetricSample {
  /** `_bucket`, `_sum` or `_count` of a histogram. */
  suffix?: string
  labels: Labels
  value: number
  /** When it was measured, milliseconds since the epoch; absent: now. */
  timestampMs?: number
}

export interface MetricFamily {
  name: string
  help: string
  type: 'counter' | 'gauge' | 'histogram'
  samples: MetricSample[]
}

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Families without a sample are left out, as Prometheus' libraries do. */
export function formatMetrics(families: Iterable<MetricFamily>): string {
  let text = ''
  for (const { name, help, type, samples } of families) {
    if (samples.length === 0) continue
    text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
    for (const { suffix = '', labels, value, timestampMs } of samples) {
      const stamp = timestampMs === undefined ? '' : ` ${timestampMs}`
      text += `${name}${suffix}${formatLabels(labels)} ${formatValue(value)}${stamp}\n`
    }
  }
  return text
}

export function gauge(name: string, help: string, samples: MetricSample[]): MetricFamily {
  return { name, help, type: 'gauge', samples }
}

export function counter(name: string, help: string, samples: MetricSample[]): MetricFamily {
  return { name, help, type: 'counter', samples }
}

function formatLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function formatValue(value: number): string {
  return value === Number.POSITIVE_INFINITY ? '+Inf' : String(value)
}

export class Counter {
  readonly #name: string
  readonly #help: string
  readonly #samples = new Map<string, { labels: Labels; value: number }>()

  constructor(name: string, help: string) {
    this.#name = name
    this.#help = help
  }

  add(labels: Labels, amount = 1): void {
    const key = JSON.stringify(labels)
    const sample = this.#samples.get(key) ?? { labels, value: 0 }
    sample.value += amount
    this.#samples.set(key, sample)
  }

  /** What it is about has gone; nothing is counted for it any more. */
  forget(isGone: (labels: Labels) => boolean): void {
    for (const [key, { labels }] of this.#samples) if (isGone(labels)) this.#samples.delete(key)
  }

  family(): MetricFamily {
    const samples = [...this.#samples.values()].map(({ labels, value }) => ({ labels, value }))
    return counter(this.#name, this.#help, samples)
  }
}

interface Observations {
  labels: Labels
  /** How many were at most as large as the bound of the same index. */
  counts: number[]
  sum: number
  count: number
}

export class Histogram {
  readonly #name: string
  readonly #help: string
  readonly #bounds: readonly number[]
  readonly #observations = new Map<string, Observations>()

  /** `bounds`: upper ends of the buckets, ascending, in the unit of the metric. */
  constructor(name: string, help: string, bounds: readonly number[]) {
    this.#name = name
    this.#help = help
    this.#bounds = bounds
  }

  observe(labels: Labels, value: number): void {
    const key = JSON.stringify(labels)
    const seen = this.#observations.get(key) ?? { labels, counts: this.#bounds.map(() => 0), sum: 0, count: 0 }
    this.#bounds.forEach((bound, index) => {
      if (value <= bound) seen.counts[index] = (seen.counts[index] ?? 0) + 1
    })
    seen.sum += value
    seen.count += 1
    this.#observations.set(key, seen)
  }

  family(): MetricFamily {
    const samples = [...this.#observations.values()].flatMap(({ labels, counts, sum, count }): MetricSample[] => [
      ...this.#bounds.map((bound, index) => ({
        suffix: '_bucket',
        labels: { ...labels, le: String(bound) },
        value: counts[index] ?? 0,
      })),
      { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
      { suffix: '_sum', labels, value: sum },
      { suffix: '_count', labels, value: count },
    ])
    return { name: this.#name, help: this.#help, type: 'histogram', samples }
  }
}
