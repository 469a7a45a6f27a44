/** The API's defaulting of a Node, and what it writes even when it is empty. In place. */
import type { Node } from '../api/node.ts'

export function setNodeDefaults(node: Node): void {
  node.spec ??= {}
  const status = (node.status ??= {})
  status.daemonEndpoints ??= {}
  status.daemonEndpoints.kubeletEndpoint ??= { Port: 0 }
  status.nodeInfo ??= {
    machineID: '',
    systemUUID: '',
    bootID: '',
    kernelVersion: '',
    osImage: '',
    containerRuntimeVersion: '',
    kubeletVersion: '',
    kubeProxyVersion: '',
    operatingSystem: '',
    architecture: '',
  }
  for (const condition of status.conditions ?? []) {
    condition.lastHeartbeatTime ??= null
    condition.lastTransitionTime ??= null
  }
  // A node without reservations gives all it has.
  if (status.capacity !== undefined) status.allocatable ??= { ...status.capacity }
}
