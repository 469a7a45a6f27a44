/** Deletes an object without owners, or lets one go that waited for its dependents (pkg/controller/garbagecollector attemptToDeleteItem). */
import type { ApiObject } from '../../common/api/api-object.ts'
import type { OwnerReference } from '../../common/api/meta.ts'
import type { DeleteOptions } from '../../kube/api-client.ts'
import { removeOwnersPatch } from '../control/owner-reference.ts'
import { classifyOwner, type OwnerPresence, type OwnerSources } from './classify-owners.ts'
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from './finalizers.ts'
import type { LiveObjects } from './live-objects.ts'
import type { ObjectIdentity } from './object-identity.ts'
import { blocksOwner, type GraphNode } from './ownership-graph.ts'

/** `examine`: of a dependent that the object waits for. Rejects when it has to be tried again. */
export async function syncObject(sources: OwnerSources, uid: string, examine: (uid: string) => void): Promise<void> {
  const node = sources.graph.get(uid)
  const object = node?.object
  if (node === undefined || object === undefined) return
  if (object.state === 'deletingDependents') return await syncWaiting(sources, node, object.identity, examine)
  // Its dependents are looked at when it is gone, or released before.
  if (object.state !== 'living' || !sources.graph.mayHaveToGo(object)) return
  const latest = await sources.live.get(object.identity)
  if (latest === undefined || latest.metadata.deletionTimestamp !== undefined) return
  await syncDependent(sources, node, object.identity, latest)
}

async function syncWaiting(
  { live }: OwnerSources,
  { uid, dependents }: GraphNode,
  identity: ObjectIdentity,
  examine: (uid: string) => void,
): Promise<void> {
  const blocking = [...dependents].filter((dependent) => dependent.uid !== uid && blocksOwner(dependent, uid))
  if (blocking.length === 0) return await live.removeFinalizer(identity, FOREGROUND_FINALIZER)
  for (const dependent of blocking) if (dependent.object?.state !== 'deletingDependents') examine(dependent.uid)
}

async function syncDependent(
  sources: OwnerSources,
  node: GraphNode,
  identity: ObjectIdentity,
  latest: ApiObject,
): Promise<void> {
  const references = latest.metadata.ownerReferences ?? []
  if (references.length === 0) return
  const owners: { uid: string; presence: OwnerPresence }[] = []
  for (const reference of references)
    owners.push({ uid: reference.uid, presence: await classifyOwner(sources, reference, identity) })
  const has = (presence: OwnerPresence): boolean => owners.some((owner) => owner.presence === presence)
  if (has('unresolvable')) return
  if (has('solid')) {
    // Those that wait would wait for ever for an object that stays.
    const others = owners.filter(({ presence }) => presence !== 'solid').map(({ uid }) => uid)
    if (others.length > 0) await sources.live.patch(identity, removeOwnersPatch(identity.uid, others))
    return
  }
  if (has('waiting') && node.dependents.size > 0) {
    const unblocked = waitsInCircle(node) ? await unblock(sources.live, identity, references) : latest
    if (unblocked !== undefined) await sources.live.delete(identity, unblocked, 'Foreground')
    return
  }
  await sources.live.delete(identity, latest, keptPolicy(latest))
}

/** A dependent that waits for its own dependents may wait for this very object. */
function waitsInCircle({ dependents }: GraphNode): boolean {
  return [...dependents].some(({ object }) => object?.state === 'deletingDependents')
}

/** No owner has to wait for it any more. @returns it as it is then; undefined when it is gone */
async function unblock(
  live: LiveObjects,
  identity: ObjectIdentity,
  references: readonly OwnerReference[],
): Promise<ApiObject | undefined> {
  const blocking = references.filter(({ blockOwnerDeletion }) => blockOwnerDeletion === true)
  const ownerReferences = blocking.map((reference) => ({ ...reference, blockOwnerDeletion: false }))
  if (blocking.length > 0) await live.patch(identity, { metadata: { uid: identity.uid, ownerReferences } })
  return await live.get(identity)
}

/** What somebody wanted for its dependents before it lost its owners. */
function keptPolicy({ metadata: { finalizers = [] } }: ApiObject): NonNullable<DeleteOptions['propagationPolicy']> {
  if (finalizers.includes(ORPHAN_FINALIZER)) return 'Orphan'
  return finalizers.includes(FOREGROUND_FINALIZER) ? 'Foreground' : 'Background'
}
