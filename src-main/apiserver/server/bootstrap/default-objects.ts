/** The objects of every cluster: its namespaces, the priority classes of the system, and the API server's own service. */
import type { UnknownObject } from '../../../common/api/api-object.ts'
import type { Registry } from '../../registry/resource-storage.ts'
import type { PostStartHook } from '../post-start-hooks.ts'
import { ensureObject } from './ensure-object.ts'

const NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease', 'default']

const PRIORITY_CLASSES = [
  {
    name: 'system-node-critical',
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
  {
    name: 'system-cluster-critical',
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
]

export interface ServiceOptions {
  /** Of the `kubernetes` service. */
  clusterIP: string
  /** Where the server itself is. */
  address: string
  port: number
}

/** Under upstream's names of the hooks. */
export function bootstrapHooks(registry: Registry, service: ServiceOptions): PostStartHook[] {
  const namespaces = async (): Promise<void> => {
    for (const name of NAMESPACES) await ensureObject(registry, { group: '', resource: 'namespaces' }, namespace(name))
  }
  return [
    { name: 'start-system-namespaces-controller', run: namespaces },
    {
      name: 'scheduling/bootstrap-system-priority-classes',
      async run() {
        for (const priorityClass of PRIORITY_CLASSES)
          await ensureObject(
            registry,
            { group: 'scheduling.k8s.io', resource: 'priorityclasses' },
            priorityClassObject(priorityClass),
          )
      },
    },
    {
      name: 'bootstrap-controller',
      async run() {
        await namespaces()
        await ensureObject(registry, { group: '', resource: 'services' }, kubernetesService(service))
        await ensureObject(registry, { group: '', resource: 'endpoints' }, kubernetesEndpoints(service))
        const slices = { group: 'discovery.k8s.io', resource: 'endpointslices' }
        await ensureObject(registry, slices, kubernetesEndpointSlice(service))
      },
    },
  ]
}

function namespace(name: string): UnknownObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
}

function priorityClassObject({ name, value, description }: (typeof PRIORITY_CLASSES)[number]): UnknownObject {
  return { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value, description }
}

function kubernetesService({ clusterIP, port }: ServiceOptions): UnknownObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { component: 'apiserver', provider: 'kubernetes' },
    },
    spec: {
      type: 'ClusterIP',
      clusterIP,
      clusterIPs: [clusterIP],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: port }],
      sessionAffinity: 'None',
    },
  }
}

function kubernetesEndpoints({ address, port }: ServiceOptions): UnknownObject {
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
    },
    subsets: [{ addresses: [{ ip: address }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
  }
}

function kubernetesEndpointSlice({ address, port }: ServiceOptions): UnknownObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'kubernetes.io/service-name': 'kubernetes' },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  }
}
