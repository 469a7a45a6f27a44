/** `/metrics/resource`: what metrics-server reads (pkg/kubelet/metrics/collectors/resource_metrics.go). */
import type { MetricFamily, MetricSample } from '../../base/metric.ts'
import { counter, gauge } from '../../base/metric.ts'
import type { ContainerSummary, CpuStats, MemoryStats, PodSummary, Summary } from './stats-summary.ts'

const NANOSECONDS = 1_000_000_000

/** @param summary `undefined`: it could not be had */
export function resourceFamilies(summary: Summary | undefined): MetricFamily[] {
  const failed = gauge('resource_scrape_error', 'Whether the use of resources could not be found out.', [
    { labels: {}, value: summary === undefined ? 1 : 0 },
  ])
  if (summary === undefined) return [failed]
  const { node, pods } = summary
  const containers = pods.flatMap((pod) =>
    pod.containers.map((container) => ({ container, labels: containerLabels(pod, container) })),
  )
  return [
    counter(
      'container_cpu_usage_seconds_total',
      'Processor time used by the container, in core-seconds.',
      containers.flatMap(({ container, labels }) => cpuSamples(labels, container.cpu)),
    ),
    gauge(
      'container_memory_working_set_bytes',
      'Working set of the container, in bytes.',
      containers.flatMap(({ container, labels }) => memorySamples(labels, container.memory)),
    ),
    gauge(
      'container_start_time_seconds',
      'Start of the container, in seconds since the epoch.',
      containers.map(({ container, labels }) => ({ labels, value: Date.parse(container.startTime) / 1000 })),
    ),
    counter(
      'node_cpu_usage_seconds_total',
      'Processor time used by the node, in core-seconds.',
      cpuSamples({}, node.cpu),
    ),
    gauge('node_memory_working_set_bytes', 'Working set of the node, in bytes.', memorySamples({}, node.memory)),
    counter(
      'pod_cpu_usage_seconds_total',
      'Processor time used by the pod, in core-seconds.',
      pods.flatMap((pod) => cpuSamples(podLabels(pod), pod.cpu)),
    ),
    gauge(
      'pod_memory_working_set_bytes',
      'Working set of the pod, in bytes.',
      pods.flatMap((pod) => memorySamples(podLabels(pod), pod.memory)),
    ),
    failed,
  ]
}

function podLabels({ podRef }: PodSummary): Record<string, string> {
  return { namespace: podRef.namespace, pod: podRef.name }
}

function containerLabels(pod: PodSummary, { name }: ContainerSummary): Record<string, string> {
  return { container: name, ...podLabels(pod) }
}

function cpuSamples(labels: Record<string, string>, cpu: CpuStats | undefined): MetricSample[] {
  if (cpu === undefined) return []
  return [{ labels, value: cpu.usageCoreNanoSeconds / NANOSECONDS, timestampMs: Date.parse(cpu.time) }]
}

function memorySamples(labels: Record<string, string>, memory: MemoryStats | undefined): MetricSample[] {
  if (memory === undefined) return []
  return [{ labels, value: memory.workingSetBytes, timestampMs: Date.parse(memory.time) }]
}
