/** Pods: a node makes mirror pods of its own, ends and evicts its own pods, and writes their status. */
import type { Pod } from '../../../common/api/core.ts'
import { CONFIG_MIRROR_ANNOTATION } from '../../../common/api/kubelet-labels.ts'
import type { OwnerReference } from '../../../common/api/meta.ts'
import { podReferences } from '../../authorization/node/pod-references.ts'
import { findObject } from '../../registry/find-object.ts'
import type { Registry } from '../../registry/resource-storage.ts'
import type { AdmissionAttributes } from '../admission-plugin.ts'

const PODS = { group: '', resource: 'pods' }

export async function findPodFault(
  registry: Registry,
  node: string,
  attributes: AdmissionAttributes,
): Promise<string | undefined> {
  switch (attributes.subresource) {
    case '':
      return findMainFault(registry, node, attributes)
    case 'status':
      return findStatusFault(node, attributes)
    case 'eviction':
      return findEvictionFault(registry, node, attributes)
    default:
      return `unexpected pod subresource ${JSON.stringify(attributes.subresource)}, only 'status' and 'eviction' are allowed`
  }
}

async function findMainFault(
  registry: Registry,
  node: string,
  { operation, object, namespace, name }: AdmissionAttributes,
): Promise<string | undefined> {
  switch (operation) {
    case 'CREATE':
      return findCreationFault(registry, node, object as unknown as Pod)
    case 'DELETE': {
      const pod = (await findObject(registry, PODS, namespace, name)) as unknown as Pod | undefined
      // One that is gone is answered by the deletion itself.
      return pod === undefined ? undefined : findForeignFault(node, pod, 'delete')
    }
    case 'UPDATE':
    case 'CONNECT':
      return `unexpected operation ${JSON.stringify(operation)}, node ${JSON.stringify(node)} can only create and delete mirror pods`
  }
}

function findForeignFault(node: string, { spec }: Pod, verb: string): string | undefined {
  if (spec.nodeName === node) return undefined
  return `node ${JSON.stringify(node)} can only ${verb} pods with spec.nodeName set to itself`
}

async function findCreationFault(registry: Registry, node: string, pod: Pod): Promise<string | undefined> {
  const quoted = JSON.stringify(node)
  if (pod.metadata.annotations?.[CONFIG_MIRROR_ANNOTATION] === undefined)
    return `pod does not have ${JSON.stringify(CONFIG_MIRROR_ANNOTATION)} annotation, node ${quoted} can only create mirror pods`
  if (pod.spec.nodeName !== node) return `node ${quoted} can only create pods with spec.nodeName set to itself`
  return (await findOwnerFault(registry, node, pod.metadata.ownerReferences ?? [])) ?? findReferenceFault(node, pod)
}

async function findOwnerFault(
  registry: Registry,
  node: string,
  owners: readonly OwnerReference[],
): Promise<string | undefined> {
  const quoted = JSON.stringify(node)
  if (owners.length > 1) return `node ${quoted} can only create pods with a single owner reference set to itself`
  const [owner] = owners
  if (owner === undefined) return `node ${quoted} can only create pods with an owner reference set to itself`
  if (owner.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node)
    return `node ${quoted} can only create pods with an owner reference set to itself`
  if (owner.controller !== true)
    return `node ${quoted} can only create pods with a controller owner reference set to itself`
  if (owner.blockOwnerDeletion === true) return `node ${quoted} must not set blockOwnerDeletion on an owner reference`
  const found = await findObject(registry, { group: '', resource: 'nodes' }, '', node)
  if (found === undefined) return `nodes ${quoted} not found`
  const { uid = '' } = found.metadata
  return uid === owner.uid ? undefined : `node ${node} UID mismatch: expected ${owner.uid} got ${uid}`
}

function findReferenceFault(node: string, pod: Pod): string | undefined {
  const refused = (what: string): string => `node ${JSON.stringify(node)} can not create pods that reference ${what}`
  if ((pod.spec.serviceAccountName ?? '') !== '') return refused('a service account')
  const resources = new Set([...podReferences(pod)].map(({ resource }) => resource))
  for (const resource of ['secrets', 'configmaps', 'persistentvolumeclaims'] as const)
    if (resources.has(resource)) return refused(resource)
  const projections = (pod.spec.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? [])
  if (projections.some(({ clusterTrustBundle }) => clusterTrustBundle !== undefined))
    return refused('clustertrustbundles')
  return (pod.spec.resourceClaims ?? []).length > 0 ? refused('resourceclaims') : undefined
}

function findStatusFault(node: string, { operation, object, oldObject }: AdmissionAttributes): string | undefined {
  if (operation !== 'UPDATE') return `unexpected operation ${JSON.stringify(operation)}`
  const [pod, old] = [object as unknown as Pod, oldObject as unknown as Pod]
  const foreign = findForeignFault(node, old, 'update pod status for')
  if (foreign !== undefined) return foreign
  const names = new Set([...Object.keys(pod.metadata.labels ?? {}), ...Object.keys(old.metadata.labels ?? {})])
  const changed = [...names].some((name) => pod.metadata.labels?.[name] !== old.metadata.labels?.[name])
  return changed ? `node ${JSON.stringify(node)} cannot update labels through pod status` : undefined
}

async function findEvictionFault(
  registry: Registry,
  node: string,
  { operation, namespace, name, object }: AdmissionAttributes,
): Promise<string | undefined> {
  if (operation !== 'CREATE') return `unexpected operation ${JSON.stringify(operation)}`
  const podName = name === '' ? (object?.metadata.name ?? '') : name
  if (podName === '') return 'could not determine pod from request data'
  const pod = (await findObject(registry, PODS, namespace, podName)) as unknown as Pod | undefined
  return pod === undefined ? undefined : findForeignFault(node, pod, 'evict')
}
