/** `core/v1` Endpoints and `discovery.k8s.io/v1` EndpointSlice (Kubernetes 1.35), stored only: a lab has no proxy. */
import type { ApiObject } from './api-object.ts'
import { array, BOOLEAN, INT32, map, object, oneOf, OPAQUE, pointer, required, setOf, STRING } from './field-schema.ts'
import { kindSchema } from './kind-schema.ts'
import { OBJECT_REFERENCE } from './service-account.ts'

export interface EndpointSubset {
  addresses?: { ip: string; hostname?: string; nodeName?: string }[]
  notReadyAddresses?: { ip: string; hostname?: string; nodeName?: string }[]
  ports?: { name?: string; port: number; protocol?: string }[]
}

export interface Endpoints extends ApiObject {
  subsets?: EndpointSubset[]
}

const ADDRESS = object('EndpointAddress', {
  ip: required(STRING),
  hostname: STRING,
  nodeName: pointer(STRING),
  targetRef: OBJECT_REFERENCE,
})

export const ENDPOINTS_SCHEMA = kindSchema('Endpoints', {
  subsets: array(
    object('EndpointSubset', {
      addresses: array(ADDRESS),
      notReadyAddresses: array(ADDRESS),
      ports: array(
        object('EndpointPort', {
          name: STRING,
          port: required(INT32),
          protocol: oneOf('TCP', 'UDP', 'SCTP'),
          appProtocol: pointer(STRING),
        }),
      ),
    }),
  ),
})

export interface EndpointSlice extends ApiObject {
  addressType: string
  endpoints: { addresses: string[] }[]
  ports?: { name?: string; port?: number; protocol?: string }[]
}

export const ENDPOINT_SLICE_SCHEMA = kindSchema('EndpointSlice', {
  addressType: required(oneOf('IPv4', 'IPv6', 'FQDN')),
  endpoints: required(
    array(
      object('Endpoint', {
        addresses: required(setOf(STRING)),
        conditions: object('EndpointConditions', {
          ready: pointer(BOOLEAN),
          serving: pointer(BOOLEAN),
          terminating: pointer(BOOLEAN),
        }),
        hostname: pointer(STRING),
        targetRef: OBJECT_REFERENCE,
        deprecatedTopology: map(STRING),
        nodeName: pointer(STRING),
        zone: pointer(STRING),
        hints: OPAQUE,
      }),
    ),
  ),
  ports: array(
    object('EndpointPort', {
      name: pointer(STRING),
      protocol: pointer(STRING),
      port: pointer(INT32),
      appProtocol: pointer(STRING),
    }),
  ),
})
