/** Which objects a controller takes on and lets go of (pkg/controller/controller_ref_manager.go ClaimObject; facts 6.4.6). */
import type { ApiObject, GroupVersionResource } from '../../common/api/api-object.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { hasReason } from '../../kube/status-error.ts'
import { controllerOf, newControllerReference, removeOwnersPatch } from './owner-reference.ts'

/** `own`: it is the controller's already. */
export type Claim = 'own' | 'adopt' | 'release' | 'ignore'

/** Pure. `matches`: whether the controller's selector matches the object's labels. */
export function computeClaim(owner: ApiObject, object: { metadata: ApiObject['metadata'] }, matches: boolean): Claim {
  const controller = controllerOf(object)
  const isOwnerGoing = owner.metadata.deletionTimestamp !== undefined
  if (controller !== undefined) {
    if (controller.uid !== owner.metadata.uid) return 'ignore'
    if (matches) return 'own'
    return isOwnerGoing ? 'ignore' : 'release'
  }
  const isGoing = object.metadata.deletionTimestamp !== undefined
  return matches && !isOwnerGoing && !isGoing ? 'adopt' : 'ignore'
}

/**
 * Those of the candidates (all of the owner's namespace) that are the owner's now; orphans become so, and others are let go.
 *
 * @param fresh reads the owner from the server, once, before anything is adopted: the informer may be behind
 */
export async function claimObjects<Kind extends { metadata: ApiObject['metadata'] }>(
  client: ApiClient,
  of: GroupVersionResource,
  owner: ApiObject,
  candidates: readonly Kind[],
  options: { matches(object: Kind): boolean; fresh(): Promise<ApiObject> },
): Promise<Kind[]> {
  const claimed: Kind[] = []
  let canAdopt: boolean | undefined
  for (const object of candidates) {
    const claim = computeClaim(owner, object, options.matches(object))
    if (claim === 'ignore') continue
    if (claim === 'own') {
      claimed.push(object)
      continue
    }
    if (claim === 'adopt') {
      canAdopt ??= isSameAndStays(owner, await options.fresh())
      if (canAdopt && (await setOwners(client, of, object, adoption(owner, object)))) claimed.push(object)
    } else await setOwners(client, of, object, removeOwnersPatch(object.metadata.uid, [owner.metadata.uid]))
  }
  return claimed
}

function isSameAndStays(owner: ApiObject, fresh: ApiObject): boolean {
  return fresh.metadata.uid === owner.metadata.uid && fresh.metadata.deletionTimestamp === undefined
}

function adoption(owner: ApiObject, { metadata }: { metadata: ApiObject['metadata'] }): unknown {
  return { metadata: { uid: metadata.uid, ownerReferences: [newControllerReference(owner)] } }
}

/** Whether it was done: it may be gone, or be another object of that name. */
async function setOwners(
  client: ApiClient,
  of: GroupVersionResource,
  { metadata }: { metadata: ApiObject['metadata'] },
  patch: unknown,
): Promise<boolean> {
  const { namespace = '', name = '' } = metadata
  try {
    await client.patch(of, { namespace, name }, 'application/strategic-merge-patch+json', patch)
    return true
  } catch (error) {
    if (hasReason(error, 'NotFound') || hasReason(error, 'Invalid') || hasReason(error, 'Conflict')) return false
    throw error
  }
}
