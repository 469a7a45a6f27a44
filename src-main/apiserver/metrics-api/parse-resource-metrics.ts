/** What a kubelet's `/metrics/resource` says: Prometheus' text, as far as metrics-server reads it. */

/** Counters and gauges of one thing. */
export interface UsageSample {
  /** Milliseconds since the epoch. */
  timeMs: number
  /** Processor time used so far, in core-seconds. */
  cpuSeconds: number
  memoryBytes: number
}

export interface ResourceSamples {
  node: UsageSample | undefined
  /** By `NAMESPACE/POD`, then by container. */
  pods: Map<string, Map<string, UsageSample>>
}

const LINE = /^(?<name>[a-z_]+)(?:\{(?<labels>.*)\})? (?<value>\S+)(?: (?<timeMs>-?\d+))?$/
const LABEL = /([a-z_]+)="((?:[^"\\]|\\.)*)"/g

const CPU_FAMILIES: ReadonlySet<string> = new Set(['node_cpu_usage_seconds_total', 'container_cpu_usage_seconds_total'])
const MEMORY_FAMILIES: ReadonlySet<string> = new Set([
  'node_memory_working_set_bytes',
  'container_memory_working_set_bytes',
])

/** Lines of other families, and what is incomplete, are passed over. */
export function parseResourceMetrics(text: string): ResourceSamples {
  const cpu = new Map<string, { value: number; timeMs: number }>()
  const memory = new Map<string, number>()
  for (const line of text.split('\n')) {
    const groups = LINE.exec(line)?.groups
    if (groups === undefined) continue
    const key = keyOf(groups['labels'] ?? '')
    const value = Number(groups['value'])
    const { name = '', timeMs } = groups
    if (CPU_FAMILIES.has(name)) cpu.set(key, { value, timeMs: Number(timeMs) })
    else if (MEMORY_FAMILIES.has(name)) memory.set(key, value)
  }
  return collect(cpu, memory)
}

/** Empty for the node, else namespace, pod and container. */
function keyOf(labels: string): string {
  const named = new Map([...labels.matchAll(LABEL)].map(([, name = '', value = '']) => [name, value]))
  const [namespace, pod, container] = ['namespace', 'pod', 'container'].map((name) => named.get(name) ?? '')
  return pod === '' ? '' : `${namespace}/${pod}/${container}`
}

function collect(cpu: Map<string, { value: number; timeMs: number }>, memory: Map<string, number>): ResourceSamples {
  const samples: ResourceSamples = { node: undefined, pods: new Map() }
  for (const [key, { value, timeMs }] of cpu) {
    const memoryBytes = memory.get(key)
    if (memoryBytes === undefined || !Number.isFinite(timeMs)) continue
    const sample = { timeMs, cpuSeconds: value, memoryBytes }
    if (key === '') samples.node = sample
    else addContainer(samples.pods, key, sample)
  }
  return samples
}

function addContainer(pods: ResourceSamples['pods'], key: string, sample: UsageSample): void {
  const slash = key.lastIndexOf('/')
  const pod = key.slice(0, slash)
  const containers = pods.get(pod) ?? new Map<string, UsageSample>()
  pods.set(pod, containers.set(key.slice(slash + 1), sample))
}
