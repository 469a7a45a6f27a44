/** Whether ports of the node that a pod wants are taken (pkg/scheduler/framework/plugins/nodeports). */
import type { ContainerPort, Pod } from '../api/core.ts'
import { isSidecar } from '../api/pod-helpers.ts'

const ANY_ADDRESS = '0.0.0.0'

/** Pure. Of one protocol and number, one address each goes together; every address goes with none. */
export function hasHostPortClash(pod: Pod, others: readonly Pod[]): boolean {
  const wanted = hostPorts(pod)
  return wanted.length > 0 && others.flatMap(hostPorts).some((taken) => wanted.some((port) => clash(port, taken)))
}

/** The ports of the node that the pod's lasting containers want. */
export function hostPorts({ spec: { initContainers = [], containers } }: Pod): ContainerPort[] {
  return [...initContainers.filter(isSidecar), ...containers]
    .flatMap(({ ports = [] }) => ports)
    .filter(({ hostPort = 0 }) => hostPort > 0)
}

function clash(one: ContainerPort, other: ContainerPort): boolean {
  const { protocol = 'TCP', hostPort } = one
  if (protocol !== (other.protocol ?? 'TCP') || hostPort !== other.hostPort) return false
  const [address, taken] = [one.hostIP || ANY_ADDRESS, other.hostIP || ANY_ADDRESS]
  return address === ANY_ADDRESS || taken === ANY_ADDRESS || address === taken
}
