/** What the server counts of itself, under upstream's names (apiserver/pkg/endpoints/metrics). */
import { Counter, Histogram, type MetricFamily } from '../../base/metric.ts'
import { processFamilies } from '../../base/process-metrics.ts'
import type { AnsweredRequest } from './api-handler.ts'

/** Seconds. */
const DURATION_BOUNDS = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
]

export class ServerMetrics {
  readonly #requests = new Counter('apiserver_request_total', 'Requests by verb, resource and HTTP code.')
  readonly #durations = new Histogram(
    'apiserver_request_duration_seconds',
    'How long requests took, by verb and resource.',
    DURATION_BOUNDS,
  )

  onAnswered({ info, code, durationMs }: AnsweredRequest): void {
    const labels =
      info.type === 'resource'
        ? {
            verb: info.verb.toUpperCase(),
            group: info.group,
            version: info.version,
            resource: info.resource,
            subresource: info.subresource,
          }
        : { verb: info.verb.toUpperCase(), group: '', version: '', resource: '', subresource: '' }
    this.#requests.add({ ...labels, code: String(code) })
    if (info.verb !== 'watch') this.#durations.observe(labels, durationMs / 1000)
  }

  /** `nowMs`: milliseconds since the epoch. */
  families(nowMs: number): MetricFamily[] {
    return [this.#requests.family(), this.#durations.family(), ...processFamilies(nowMs)]
  }
}
