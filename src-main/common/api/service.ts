/** `core/v1` Service (Kubernetes 1.35), stored only: a lab has no proxy. */
import type { ApiObject } from './api-object.ts'
import type { IntOrString } from './core.ts'
import {
  array,
  atomic,
  BOOLEAN,
  INT32,
  type ArraySchema,
  map,
  mergedBy,
  object,
  oneOf,
  OPAQUE,
  pointer,
  required,
  STRING,
} from './field-schema.ts'
import { kindSchema } from './kind-schema.ts'
import { CONDITION_FIELDS } from './pod-status-schema.ts'
import { COUNT_OR_PERCENT } from './pod-template.ts'

export interface ServicePort {
  name?: string
  protocol?: 'TCP' | 'UDP' | 'SCTP'
  appProtocol?: string
  port: number
  targetPort?: IntOrString
  nodePort?: number
}

export type ServiceType = 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName'

export interface Service extends ApiObject {
  spec?: {
    ports?: ServicePort[]
    selector?: Record<string, string>
    clusterIP?: string
    clusterIPs?: string[]
    type?: ServiceType
    externalIPs?: string[]
    sessionAffinity?: string
    externalName?: string
    externalTrafficPolicy?: string
    internalTrafficPolicy?: string
    allocateLoadBalancerNodePorts?: boolean
  }
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } }
}

/** Patches find a port by its number; server-side apply by number and protocol. */
const PORTS: ArraySchema = {
  ...mergedBy(
    ['port', 'protocol'],
    object('ServicePort', {
      name: STRING,
      protocol: oneOf('TCP', 'UDP', 'SCTP'),
      appProtocol: pointer(STRING),
      port: required(INT32),
      targetPort: COUNT_OR_PERCENT,
      nodePort: INT32,
    }),
  ),
  patchMergeKey: 'port',
}

export const SERVICE_SCHEMA = kindSchema('Service', {
  spec: object('ServiceSpec', {
    ports: PORTS,
    selector: atomic(map(STRING)),
    clusterIP: STRING,
    clusterIPs: array(STRING),
    type: oneOf('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'),
    externalIPs: array(STRING),
    sessionAffinity: oneOf('None', 'ClientIP'),
    loadBalancerIP: STRING,
    loadBalancerSourceRanges: array(STRING),
    externalName: STRING,
    externalTrafficPolicy: oneOf('Cluster', 'Local'),
    healthCheckNodePort: INT32,
    publishNotReadyAddresses: BOOLEAN,
    sessionAffinityConfig: object('SessionAffinityConfig', {
      clientIP: object('ClientIPConfig', { timeoutSeconds: pointer(INT32) }),
    }),
    ipFamilies: array(STRING),
    ipFamilyPolicy: pointer(STRING),
    allocateLoadBalancerNodePorts: pointer(BOOLEAN),
    loadBalancerClass: pointer(STRING),
    internalTrafficPolicy: pointer(oneOf('Cluster', 'Local')),
    trafficDistribution: pointer(STRING),
  }),
  status: object('ServiceStatus', {
    loadBalancer: object('LoadBalancerStatus', {
      ingress: array(
        object('LoadBalancerIngress', { ip: STRING, hostname: STRING, ipMode: pointer(STRING), ports: array(OPAQUE) }),
      ),
    }),
    conditions: mergedBy(['type'], object('Condition', CONDITION_FIELDS)),
  }),
})
