/** What a kubelet counts of itself, under upstream's names (pkg/kubelet/metrics, pkg/kubelet/server/metrics, pkg/kubelet/prober). */
import type { KubeletObserver, ProbeObservation } from './kubelet-observer.ts'
import type { MetricFamily } from '../../base/metric.ts'
import { Counter, Histogram } from '../../base/metric.ts'

/** Seconds; Prometheus' own default. */
const DEFAULT_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** Seconds; each 2.5 times the one before. */
const OPERATION_BOUNDS = Array.from({ length: 14 }, (_, index) => Number((0.005 * 2.5 ** index).toPrecision(12)))
/** Seconds, up to an hour. */
const POD_START_BOUNDS = [
  0.5, 1, 2, 3, 4, 5, 6, 8, 10, 20, 30, 45, 60, 120, 180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600,
]

/** One answered request. */
export interface HttpObservation {
  method: string
  /** The first part of the path, or `other`. */
  path: string
  serverType: 'readwrite' | 'readonly'
  longRunning: boolean
  durationMs: number
}

export class KubeletMetrics implements KubeletObserver {
  readonly #relists = new Histogram(
    'kubelet_pleg_relist_duration_seconds',
    'How long it took to list all pods of the runtime.',
    DEFAULT_BOUNDS,
  )
  readonly #operations = new Counter('kubelet_runtime_operations_total', 'Calls of the container runtime by kind.')
  readonly #operationErrors = new Counter(
    'kubelet_runtime_operations_errors_total',
    'Calls of the container runtime that failed, by kind.',
  )
  readonly #operationDurations = new Histogram(
    'kubelet_runtime_operations_duration_seconds',
    'How long calls of the container runtime took, by kind.',
    OPERATION_BOUNDS,
  )
  readonly #podStarts = new Histogram(
    'kubelet_pod_start_duration_seconds',
    'Time from the first sight of a pod until it runs.',
    POD_START_BOUNDS,
  )
  readonly #requests = new Counter('kubelet_http_requests_total', "Requests to the kubelet's HTTP servers.")
  readonly #requestDurations = new Histogram(
    'kubelet_http_requests_duration_seconds',
    "How long requests to the kubelet's HTTP servers took.",
    DEFAULT_BOUNDS,
  )
  readonly #probes = new Counter('prober_probe_total', 'Liveness, readiness and startup probes by result.')

  onRelist(durationMs: number): void {
    this.#relists.observe({}, durationMs / 1000)
  }

  onProbe({ pod, container, probeType, result }: ProbeObservation): void {
    const { namespace, name, uid } = pod
    this.#probes.add({ container, namespace, pod: name, pod_uid: uid, probe_type: probeType, result })
  }

  onPodGone(uid: string): void {
    this.#probes.forget((labels) => labels['pod_uid'] === uid)
  }

  onPodStarted(durationMs: number): void {
    this.#podStarts.observe({}, durationMs / 1000)
  }

  onRuntimeOperation(operation: string, durationMs: number, failed: boolean): void {
    const labels = { operation_type: operation }
    this.#operations.add(labels)
    this.#operationDurations.observe(labels, durationMs / 1000)
    if (failed) this.#operationErrors.add(labels)
  }

  onHttpRequest({ method, path, serverType, longRunning, durationMs }: HttpObservation): void {
    const labels = { long_running: String(longRunning), method, path, server_type: serverType }
    this.#requests.add(labels)
    this.#requestDurations.observe(labels, durationMs / 1000)
  }

  /** All but the probes, which have an address of their own. */
  families(): MetricFamily[] {
    return [
      this.#requests,
      this.#requestDurations,
      this.#relists,
      this.#podStarts,
      this.#operations,
      this.#operationDurations,
      this.#operationErrors,
    ].map((metric) => metric.family())
  }

  probeFamilies(): MetricFamily[] {
    return [this.#probes.family()]
  }
}
