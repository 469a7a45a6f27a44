/** The API's defaulting of a Service, in place (upstream: pkg/apis/core/v1/defaults.go). */
import type { Service } from '../api/service.ts'

export function setServiceDefaults(service: Service): void {
  const spec = (service.spec ??= {})
  spec.sessionAffinity ??= 'None'
  spec.type ??= 'ClusterIP'
  for (const port of spec.ports ?? []) {
    port.protocol ??= 'TCP'
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port
  }
  if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') spec.externalTrafficPolicy ??= 'Cluster'
  if (spec.type !== 'ExternalName') spec.internalTrafficPolicy ??= 'Cluster'
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true
  const status = (service.status ??= {})
  status.loadBalancer ??= {}
}
