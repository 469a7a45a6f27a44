/**
 * Who owns whom, as watches tell it (pkg/controller/garbagecollector graph_builder.go). It asks for nothing and decides
 * nothing: it says which objects have to be looked at. Upstream guesses the coordinates of owners that it has not seen and
 * asks for them in a loop; here their dependents are looked at, and again whenever a list has been read anew.
 */
import type { ObjectMeta, OwnerReference } from '../../common/api/meta.ts'
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from './finalizers.ts'
import { isReachable, refersTo, type ObjectIdentity } from './object-identity.ts'

/** `deletingDependents`: it waits for its dependents to go; `orphaning`: for their release; `going`: for whatever else. */
export type ObjectState = 'living' | 'going' | 'deletingDependents' | 'orphaning'

export interface ObservedObject {
  identity: ObjectIdentity
  state: ObjectState
  owners: readonly OwnerReference[]
}

export interface GraphNode {
  readonly uid: string
  /** Absent: somebody names it as an owner, and no watch has shown it, or shows it any more. */
  object: ObservedObject | undefined
  readonly dependents: Set<GraphNode>
}

export interface GraphSink {
  /** Its owners, or its dependents if it waits for them, are to be looked at. */
  onExamine(uid: string): void
  /** Its dependents are to be released. */
  onOrphan(uid: string): void
  /** An owner with dependents is gone for certain. */
  onAbsent(owner: ObjectIdentity): void
  /** It names an owner of another namespace, which can own nothing of its own. */
  onForeignOwner(dependent: ObservedObject): void
}

export class OwnershipGraph {
  readonly #sink: GraphSink
  readonly #nodes = new Map<string, GraphNode>()

  constructor(sink: GraphSink) {
    this.#sink = sink
  }

  get(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid)
  }

  /** Objects and owners that nobody has seen. */
  get size(): number {
    return this.#nodes.size
  }

  /** It is new or has changed. */
  observe(identity: ObjectIdentity, metadata: ObjectMeta): void {
    const node = this.#nodeOf(identity.uid)
    const before = node.object
    const object = { identity, state: computeState(metadata), owners: metadata.ownerReferences ?? [] }
    node.object = object
    if (before === undefined) this.#examineMistaken(node, identity)
    this.#link(node, object, before?.owners ?? [])
    if (object.state !== before?.state) this.#onState(node, object.state)
  }

  /** It is gone. `isKnown`: its end was seen, rather than that it is in no list any more. */
  remove(uid: string, isKnown: boolean): void {
    const node = this.#nodes.get(uid)
    const object = node?.object
    if (node === undefined || object === undefined) return
    node.object = undefined
    for (const { uid: ownerUid } of object.owners) this.#unlink(node, ownerUid)
    for (const reference of object.owners) this.#onUnblocked(reference.uid)
    if (isKnown && node.dependents.size > 0) this.#sink.onAbsent(object.identity)
    this.#examineAll(node.dependents)
    this.#dropUnused(node)
  }

  /** Those that name an owner that no watch shows: it may have come and gone unseen. */
  examineUnseen(): void {
    for (const node of this.#nodes.values()) if (node.object === undefined) this.#examineAll(node.dependents)
  }

  /** Pure. False when every owner is there and stays, as far as watches tell: then nothing has to be asked for. */
  mayHaveToGo({ identity, owners }: ObservedObject): boolean {
    return owners.some((reference) => {
      const owner = this.#nodes.get(reference.uid)?.object
      if (owner === undefined || owner.state === 'deletingDependents') return true
      return !refersTo(reference, identity.namespace, owner.identity)
    })
  }

  #nodeOf(uid: string): GraphNode {
    const known = this.#nodes.get(uid)
    if (known !== undefined) return known
    const node = { uid, object: undefined, dependents: new Set<GraphNode>() }
    this.#nodes.set(uid, node)
    return node
  }

  #link(node: GraphNode, object: ObservedObject, before: readonly OwnerReference[]): void {
    const uids = new Set(object.owners.map(({ uid }) => uid))
    for (const { uid } of before) if (!uids.has(uid)) this.#unlink(node, uid)
    for (const reference of object.owners) {
      const owner = this.#nodeOf(reference.uid)
      owner.dependents.add(node)
      if (!before.some((known) => isSameReference(known, reference))) this.#onNewReference(object, reference, owner)
    }
    const blocks = (uid: string): boolean =>
      object.owners.some((reference) => reference.uid === uid && reference.blockOwnerDeletion === true)
    for (const { uid, blockOwnerDeletion } of before)
      if (blockOwnerDeletion === true && !blocks(uid)) this.#onUnblocked(uid)
  }

  #unlink(node: GraphNode, ownerUid: string): void {
    const owner = this.#nodes.get(ownerUid)
    if (owner === undefined) return
    owner.dependents.delete(node)
    this.#dropUnused(owner)
  }

  #dropUnused(node: GraphNode): void {
    if (node.object === undefined && node.dependents.size === 0) this.#nodes.delete(node.uid)
  }

  #onNewReference(object: ObservedObject, reference: OwnerReference, owner: GraphNode): void {
    const { uid, namespace } = object.identity
    if (owner.object !== undefined && !isReachable(owner.object.identity, namespace)) this.#sink.onForeignOwner(object)
    const isSound = owner.object !== undefined && refersTo(reference, namespace, owner.object.identity)
    if (!isSound || owner.object?.state === 'deletingDependents') this.#sink.onExamine(uid)
  }

  /** An owner that waits may go when nothing blocks it any more. */
  #onUnblocked(ownerUid: string): void {
    if (this.#nodes.get(ownerUid)?.object?.state === 'deletingDependents') this.#sink.onExamine(ownerUid)
  }

  /** Of those that named it before it was seen, some may mean another name or kind by this uid. */
  #examineMistaken(owner: GraphNode, identity: ObjectIdentity): void {
    for (const { uid, object } of owner.dependents) {
      if (object === undefined) continue
      const { namespace } = object.identity
      if (!isReachable(identity, namespace)) this.#sink.onForeignOwner(object)
      const references = object.owners.filter((reference) => reference.uid === identity.uid)
      if (!references.every((reference) => refersTo(reference, namespace, identity))) this.#sink.onExamine(uid)
    }
  }

  #onState(node: GraphNode, state: ObjectState): void {
    if (state === 'orphaning') this.#sink.onOrphan(node.uid)
    if (state !== 'deletingDependents') return
    this.#examineAll(node.dependents)
    this.#sink.onExamine(node.uid)
  }

  #examineAll(nodes: Iterable<GraphNode>): void {
    for (const { uid } of nodes) this.#sink.onExamine(uid)
  }
}

/** Whether an owner that waits has to wait for this dependent. Pure. */
export function blocksOwner({ object }: GraphNode, ownerUid: string): boolean {
  return (object?.owners ?? []).some(({ uid, blockOwnerDeletion }) => uid === ownerUid && blockOwnerDeletion === true)
}

function computeState({ deletionTimestamp, finalizers = [] }: ObjectMeta): ObjectState {
  if (deletionTimestamp === undefined) return 'living'
  if (finalizers.includes(ORPHAN_FINALIZER)) return 'orphaning'
  return finalizers.includes(FOREGROUND_FINALIZER) ? 'deletingDependents' : 'going'
}

/** Whether nothing of what matters here differs: nearly all changes of objects are of that kind. Pure. */
export function isSameToGraph(one: ObjectMeta, other: ObjectMeta): boolean {
  return (
    one.deletionTimestamp === other.deletionTimestamp &&
    isSameList(one.finalizers, other.finalizers, (a, b) => a === b) &&
    isSameList(one.ownerReferences, other.ownerReferences, isSameReference)
  )
}

function isSameReference(one: OwnerReference, other: OwnerReference): boolean {
  return (
    one.uid === other.uid &&
    one.name === other.name &&
    one.kind === other.kind &&
    one.apiVersion === other.apiVersion &&
    (one.blockOwnerDeletion ?? false) === (other.blockOwnerDeletion ?? false)
  )
}

function isSameList<Item>(
  one: readonly Item[] = [],
  other: readonly Item[] = [],
  isSame: (a: Item, b: Item) => boolean,
): boolean {
  if (one.length !== other.length) return false
  return one.every((item, index) => {
    const counterpart = other[index]
    return counterpart !== undefined && isSame(item, counterpart)
  })
}
