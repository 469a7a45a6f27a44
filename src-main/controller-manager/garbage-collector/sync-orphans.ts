/**
 * Releases the dependents of an owner that goes without them, then lets it go (pkg/controller/garbagecollector
 * attemptToOrphanWorker). As upstream, it knows the dependents from its watches: one that came a moment ago may be missed.
 */
import { removeOwnersPatch } from '../control/owner-reference.ts'
import { slowStartBatch } from '../control/slow-start-batch.ts'
import { ORPHAN_FINALIZER } from './finalizers.ts'
import type { LiveObjects } from './live-objects.ts'
import type { OwnershipGraph } from './ownership-graph.ts'

/** Rejects when it has to be tried again. */
export async function syncOrphans(graph: OwnershipGraph, live: LiveObjects, uid: string): Promise<void> {
  const node = graph.get(uid)
  if (node?.object?.state !== 'orphaning') return
  const dependents = [...node.dependents].flatMap(({ object }) => (object === undefined ? [] : [object.identity]))
  const { error } = await slowStartBatch(dependents.length, async (index) => {
    const dependent = dependents[index]
    if (dependent !== undefined) await live.patch(dependent, removeOwnersPatch(dependent.uid, [uid]))
  })
  if (error !== undefined) throw new Error(`not all dependents of ${uid} were released`, { cause: error })
  await live.removeFinalizer(node.object.identity, ORPHAN_FINALIZER)
}
