/** Whether what a token is bound to is still there (pkg/serviceaccount/claims.go). */
import type { UnknownObject } from '../../common/api/api-object.ts'
import { findObject } from '../registry/find-object.ts'
import type { Registry } from '../registry/resource-storage.ts'
import type { BoundReference, TokenBinding } from './service-account-tokens.ts'

/** A token outlives the beginning of its object's deletion by so much: pods need theirs while they end. */
const DELETION_LEEWAY_MS = 60_000

/** The resource that is gone or another one of the same name; undefined when the token holds. */
export async function findStaleBinding(
  registry: Registry,
  { namespace, serviceaccount, secret, pod, node }: TokenBinding,
  nowMs: number,
): Promise<string | undefined> {
  const bound: [string, string, BoundReference | undefined][] = [
    ['serviceaccounts', namespace, serviceaccount],
    ['secrets', namespace, secret],
    ['pods', namespace, pod],
    // Beside a pod the node only says where it ran.
    ['nodes', '', pod === undefined ? node : undefined],
  ]
  for (const [resource, where, reference] of bound) {
    if (reference === undefined) continue
    const object = await findObject(registry, { group: '', resource }, where, reference.name)
    if (!isSame(object, reference, nowMs)) return resource
  }
  return undefined
}

function isSame(object: UnknownObject | undefined, { uid }: BoundReference, nowMs: number): boolean {
  if (object?.metadata.uid !== uid) return false
  const { deletionTimestamp } = object.metadata
  return deletionTimestamp === undefined || Date.parse(deletionTimestamp) + DELETION_LEEWAY_MS >= nowMs
}
