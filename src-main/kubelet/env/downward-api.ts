/** Values that a pod can ask about itself: `fieldRef` and `resourceFieldRef` (facts 2.16.4). */
import type { Container, Pod, ResourceFieldSelector } from '../../common/api/core.ts'
import type { ResourceAmounts } from '../../common/scheduling/pod-requests.ts'
import { podReference } from '../pod-identity.ts'
import { divideUp, NANOS_PER_UNIT, quantityNanos } from '../../common/api/amounts.ts'

/** What the node adds to a pod's fields. */
export interface PodNetworkFacts {
  hostIP: string
  podIPs: string[]
}

/** `undefined`: there is no such field. */
export function fieldValue(pod: Pod, fieldPath: string, network: PodNetworkFacts): string | undefined {
  const { name, namespace, uid } = podReference(pod)
  const subscript = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath)
  if (subscript !== null) {
    const map = subscript[1] === 'labels' ? pod.metadata.labels : pod.metadata.annotations
    return map?.[subscript[2] ?? ''] ?? ''
  }
  switch (fieldPath) {
    case 'metadata.name':
      return name
    case 'metadata.namespace':
      return namespace
    case 'metadata.uid':
      return uid
    case 'metadata.labels':
      return formatMap(pod.metadata.labels)
    case 'metadata.annotations':
      return formatMap(pod.metadata.annotations)
    case 'spec.nodeName':
      return pod.spec.nodeName ?? ''
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? ''
    case 'status.hostIP':
    case 'status.hostIPs':
      return network.hostIP
    case 'status.podIP':
      return network.podIPs[0] ?? ''
    case 'status.podIPs':
      return network.podIPs.join(',')
    default:
      return undefined
  }
}

/**
 * `undefined`: there is no such container or resource. Limits that a container does not set count as what the node may give
 * to pods (facts 2.16.4). Values are divided by the divisor and rounded up.
 */
export function resourceValue(
  pod: Pod,
  container: Container,
  selector: ResourceFieldSelector,
  allocatable: ResourceAmounts,
): string | undefined {
  const wanted = selector.containerName ?? container.name
  const subject =
    wanted === container.name
      ? container
      : [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((other) => other.name === wanted)
  const dot = selector.resource.indexOf('.')
  const kind = selector.resource.slice(0, dot)
  const resource = selector.resource.slice(dot + 1)
  if (subject === undefined || (kind !== 'limits' && kind !== 'requests')) return undefined
  const fallback = kind === 'limits' ? allocatableNanos(resource, allocatable) : 0n
  if (fallback === undefined) return undefined
  const written = subject.resources?.[kind]?.[resource]
  const amount = written === undefined ? fallback : quantityNanos(written)
  const divisor = quantityNanos(selector.divisor ?? 1)
  return String(divideUp(amount, divisor > 0n ? divisor : NANOS_PER_UNIT))
}

function allocatableNanos(resource: string, allocatable: ResourceAmounts): bigint | undefined {
  if (resource === 'cpu') return ((allocatable.get('cpu') ?? 0n) * NANOS_PER_UNIT) / 1000n
  if (resource === 'memory' || resource === 'ephemeral-storage')
    return (allocatable.get(resource) ?? 0n) * NANOS_PER_UNIT
  return resource.startsWith('hugepages-') ? 0n : undefined
}

/** Lines `key="escaped value"`, sorted by key, as in downward-API files. */
function formatMap(map: Record<string, string> = {}): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join('\n')
}
