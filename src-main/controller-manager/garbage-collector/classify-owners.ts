/** Which owners of an object are there (pkg/controller/garbagecollector classifyReferences, isDangling). */
import type { OwnerReference } from '../../common/api/meta.ts'
import type { AbsentOwners } from './absent-owners.ts'
import { FOREGROUND_FINALIZER } from './finalizers.ts'
import type { KindResources } from './kind-resources.ts'
import type { LiveObjects } from './live-objects.ts'
import { ownerIdentity, refersTo, type ObjectIdentity } from './object-identity.ts'
import type { OwnershipGraph } from './ownership-graph.ts'

/** `waiting`: it is being deleted and waits for its dependents. `unresolvable`: of a namespace, which the dependent has not. */
export type OwnerPresence = 'solid' | 'dangling' | 'waiting' | 'unresolvable'

export interface OwnerSources {
  graph: OwnershipGraph
  absent: AbsentOwners
  kinds: KindResources
  live: LiveObjects
}

/** Rejects when it cannot be found out, as for an unknown kind. */
export async function classifyOwner(
  { graph, absent, kinds, live }: OwnerSources,
  reference: OwnerReference,
  dependent: ObjectIdentity,
): Promise<OwnerPresence> {
  const seen = graph.get(reference.uid)?.object
  if (seen !== undefined && refersTo(reference, dependent.namespace, seen.identity))
    return seen.state === 'deletingDependents' ? 'waiting' : 'solid'
  const { namespaced } = await kinds.find(reference)
  if (namespaced && dependent.namespace === '') return 'unresolvable'
  const owner = ownerIdentity(reference, namespaced ? dependent.namespace : '')
  if (absent.has(owner)) return 'dangling'
  const found = await live.get(owner)
  if (found === undefined) {
    absent.add(owner)
    return 'dangling'
  }
  const { deletionTimestamp, finalizers = [] } = found.metadata
  return deletionTimestamp !== undefined && finalizers.includes(FOREGROUND_FINALIZER) ? 'waiting' : 'solid'
}
