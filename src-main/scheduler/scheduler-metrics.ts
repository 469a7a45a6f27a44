/** What `/metrics` of the scheduler tells (pkg/scheduler/metrics). */
import { Counter, gauge, Histogram, type MetricFamily } from '../base/metric.ts'
import type { QueueName } from './queue/scheduling-queue.ts'

export type AttemptResult = 'scheduled' | 'unschedulable' | 'error'

/** Seconds: 0.001 doubled fourteen times. */
const ATTEMPT_BOUNDS = Array.from({ length: 15 }, (_, index) => 0.001 * 2 ** index)
const VICTIM_BOUNDS = [1, 2, 4, 8, 16, 32, 64]

export class SchedulerMetrics {
  readonly #attempts = new Counter(
    'scheduler_schedule_attempts_total',
    'Number of attempts to schedule pods, by the result.',
  )
  readonly #durations = new Histogram(
    'scheduler_scheduling_attempt_duration_seconds',
    'Scheduling attempt latency in seconds, from the queue to the binding.',
    ATTEMPT_BOUNDS,
  )
  readonly #preemptions = new Counter(
    'scheduler_preemption_attempts_total',
    'Total preemption attempts in the cluster till now.',
  )
  readonly #victims = new Histogram(
    'scheduler_preemption_victims',
    'Number of selected preemption victims.',
    VICTIM_BOUNDS,
  )

  /** `durationMs`: since the pod was taken from the queue. */
  onAttempt(profile: string, result: AttemptResult, durationMs: number): void {
    this.#attempts.add({ profile, result })
    this.#durations.observe({ profile, result }, durationMs / 1000)
  }

  onPreemption(): void {
    this.#preemptions.add({})
  }

  onVictims(count: number): void {
    this.#victims.observe({}, count)
  }

  families(pending: Readonly<Record<QueueName, number>>): MetricFamily[] {
    const samples = Object.entries(pending).map(([queue, value]) => ({ labels: { queue }, value }))
    return [
      this.#attempts.family(),
      this.#durations.family(),
      this.#preemptions.family(),
      this.#victims.family(),
      gauge('scheduler_pending_pods', 'Number of pending pods, by the queue.', samples),
    ]
  }
}
