/** Service accounts: a node asks for tokens that are bound to pods which run on it. */
import type { Pod } from '../../../common/api/core.ts'
import { findObject } from '../../registry/find-object.ts'
import type { Registry } from '../../registry/resource-storage.ts'
import type { AdmissionAttributes } from '../admission-plugin.ts'

interface TokenRequestSpec {
  boundObjectRef?: { kind?: string; apiVersion?: string; name?: string; uid?: string } | null
}

export async function findTokenFault(
  registry: Registry,
  node: string,
  { operation, subresource, namespace, name, object }: AdmissionAttributes,
): Promise<string | undefined> {
  if (operation !== 'CREATE' || subresource !== 'token') return undefined
  const reference = (object?.['spec'] as TokenRequestSpec | undefined)?.boundObjectRef
  if (reference?.apiVersion !== 'v1' || reference.kind !== 'Pod' || (reference.name ?? '') === '')
    return 'node requested token not bound to a pod'
  if ((reference.uid ?? '') === '') return 'node requested token with a pod binding without a uid'
  const found = await findObject(registry, { group: '', resource: 'pods' }, namespace, reference.name ?? '')
  const pod = found as unknown as Pod | undefined
  if (pod === undefined) return `pods ${JSON.stringify(reference.name)} not found`
  if (pod.metadata.uid !== reference.uid)
    return `the UID in the bound object reference (${reference.uid}) does not match the UID in record. The object might have been deleted and then recreated`
  if (pod.spec.nodeName !== node) return 'node requested token bound to a pod scheduled on a different node'
  return pod.spec.serviceAccountName === name
    ? undefined
    : 'node requested token for a service account that its pod does not use'
}
