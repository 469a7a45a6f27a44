/**
 * What a kubelet checks before it admits a static pod and this one does not (facts 1.5.13, 1.5.14): the pod runs, and
 * the user is told what would have become of it.
 */
import type { Container, Pod } from '../common/api/core.ts'
import { podLogName, podReference } from './pod-identity.ts'
import { isSidecar } from './runtime/restart-policy.ts'
import { NANOS_PER_UNIT, quantityNanos } from './runtime/quantity.ts'
import type { UnsupportedField } from './unsupported-fields.ts'

const RESOURCES = ['cpu', 'memory'] as const
type Resource = (typeof RESOURCES)[number]

/** Pure. `others`: the pods that the node runs already; `capacity` in cores and bytes. */
export function computeAdmissionGaps(
  pod: Pod,
  others: readonly Pod[],
  capacity: { cpu: number; memoryBytes: number },
): UnsupportedField[] {
  const there = { cpu: capacity.cpu, memory: capacity.memoryBytes }
  const missing = RESOURCES.flatMap((resource) => {
    const requested = requestedUnits(pod, resource)
    const used = others.reduce((sum, other) => sum + requestedUnits(other, resource), 0)
    if (requested === 0 || used + requested <= there[resource]) return []
    const amounts = `requested: ${requested}, used: ${used}, capacity: ${there[resource]}`
    const consequence = `the pod runs, where a kubelet would refuse it with OutOf${resource} (${amounts}).`
    return [{ field: `spec.containers[*].resources.requests.${resource}`, consequence }]
  })
  return [...missing, ...takenPorts(pod, others)]
}

/** What the pod occupies: its containers and sidecars together, or its largest init container if that is more. */
function requestedUnits(pod: Pod, resource: Resource): number {
  const { initContainers = [], containers } = pod.spec
  const of = (container: Container): bigint => {
    const { limits = {}, requests = {} } = container.resources ?? {}
    return quantityNanos(requests[resource] ?? limits[resource])
  }
  const running = [...initContainers.filter(isSidecar), ...containers].reduce((sum, one) => sum + of(one), 0n)
  const largest = initContainers.map(of).reduce((most, one) => (one > most ? one : most), 0n)
  return Number(running > largest ? running : largest) / Number(NANOS_PER_UNIT)
}

/** Only pods in the node's network get as far: a host port of any other pod is refused anyway. */
function takenPorts(pod: Pod, others: readonly Pod[]): UnsupportedField[] {
  if (pod.spec.hostNetwork !== true) return []
  const inNodeNetwork = others.filter((other) => other.spec.hostNetwork === true)
  return hostPorts(pod).flatMap(({ key, field }) => {
    const holder = inNodeNetwork.find((other) => hostPorts(other).some((taken) => taken.key === key))
    if (holder === undefined) return []
    const name = podLogName(podReference(holder))
    return [
      { field, consequence: `${name} has ${key} of the node already: a kubelet would refuse this pod (NodePorts).` },
    ]
  })
}

function hostPorts(pod: Pod): { key: string; field: string }[] {
  return pod.spec.containers.flatMap((container, index) =>
    (container.ports ?? []).flatMap(({ hostPort, protocol = 'TCP' }, port) =>
      hostPort === undefined || hostPort === 0
        ? []
        : [{ key: `${protocol} port ${hostPort}`, field: `spec.containers[${index}].ports[${port}].hostPort` }],
    ),
  )
}
