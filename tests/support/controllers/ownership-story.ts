/** A cluster with the garbage collector, and the words with which its stories are told. */
import type { ApiObject, GroupVersionResource } from '../../../src-main/common/api/api-object.ts'
import type { ObjectMeta, OwnerReference } from '../../../src-main/common/api/meta.ts'
import { startGarbageCollector } from '../../../src-main/controller-manager/garbage-collector/garbage-collector-controller.ts'
import type { DeleteOptions } from '../../../src-main/kube/api-client.ts'
import { CONFIG_MAPS, LEASES, NODES, PODS, SECRETS } from '../../../src-main/kube/resources.ts'
import { hasReason } from '../../../src-main/kube/status-error.ts'
import { newControllerCluster, type ClusterOptions } from './controller-cluster.ts'

export interface Made {
  of: GroupVersionResource
  object: ApiObject
}

const KINDS = new Map<GroupVersionResource, { apiVersion: string; kind: string; namespaced: boolean }>([
  [CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', namespaced: true }],
  [SECRETS, { apiVersion: 'v1', kind: 'Secret', namespaced: true }],
  [PODS, { apiVersion: 'v1', kind: 'Pod', namespaced: true }],
  [NODES, { apiVersion: 'v1', kind: 'Node', namespaced: false }],
  [LEASES, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespaced: true }],
])

export function referenceTo({ object }: Made, over: Partial<OwnerReference> = {}): OwnerReference {
  const { apiVersion, kind, metadata } = object
  return { apiVersion, kind, name: metadata.name ?? '', uid: metadata.uid ?? '', ...over }
}

export function newOwnershipStory(options: ClusterOptions = {}) {
  const cluster = newControllerCluster([startGarbageCollector], options)
  const { client, clock } = cluster
  return {
    cluster,
    clock,
    client,
    /** Of the namespace `default` unless told otherwise. */
    async make(of: GroupVersionResource, name: string, metadata: Partial<ObjectMeta> = {}): Promise<Made> {
      const kind = KINDS.get(of)
      if (kind === undefined) throw new Error(`no kind for ${of.resource}`)
      const { namespaced, ...head } = kind
      const object = {
        ...head,
        metadata: { name, ...(namespaced ? { namespace: 'default' } : {}), ...metadata },
        ...(of === PODS ? { spec: { containers: [{ name: 'c', image: 'bb:v1' }] } } : {}),
      }
      return { of, object: await client.create<ApiObject>(of, object) }
    },
    async find({ of, object }: Made): Promise<ObjectMeta | undefined> {
      const { namespace = '', name = '' } = object.metadata
      try {
        return (await client.get<ApiObject>(of, { namespace, name })).metadata
      } catch (error) {
        if (hasReason(error, 'NotFound')) return undefined
        throw error
      }
    },
    async delete(made: Made, options: DeleteOptions = {}): Promise<void> {
      const { namespace = '', name = '' } = made.object.metadata
      await client.delete(made.of, { namespace, name }, options)
    },
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  }
}
