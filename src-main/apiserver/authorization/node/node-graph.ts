/** Which objects each node needs for its pods, kept from a watch of the pods (plugin/pkg/auth/authorizer/node/graph.go). */
import type { UnknownObject } from '../../../common/api/api-object.ts'
import type { Pod } from '../../../common/api/core.ts'
import { CONFIG_MIRROR_ANNOTATION } from '../../../common/api/kubelet-labels.ts'
import { objectKey, type ObjectSink } from '../resource-follower.ts'
import { podReferences } from './pod-references.ts'

export class NodeGraph implements ObjectSink {
  /** What each pod brings in: its node, and the objects by key. */
  readonly #pods = new Map<string, { node: string; keys: readonly string[] }>()
  /** For each node how many of its pods refer to an object. */
  readonly #nodes = new Map<string, Map<string, number>>()

  /** Whether the node has a pod that refers to the object, or, of `pods`, that pod itself. */
  hasPath(node: string, resource: string, namespace: string, name: string): boolean {
    return this.#nodes.get(node)?.has(referenceKey(resource, namespace, name)) ?? false
  }

  onPut(object: UnknownObject): void {
    this.onDelete(object)
    const pod = object as unknown as Pod
    const { nodeName: node = '' } = pod.spec
    if (node === '') return
    const keys = computeKeys(pod)
    this.#pods.set(objectKey(object), { node, keys })
    const counts = this.#nodes.get(node) ?? new Map<string, number>()
    this.#nodes.set(node, counts)
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  }

  onDelete(object: Pick<UnknownObject, 'metadata'>): void {
    const known = this.#pods.get(objectKey(object))
    const counts = known === undefined ? undefined : this.#nodes.get(known.node)
    if (known === undefined || counts === undefined) return
    this.#pods.delete(objectKey(object))
    for (const key of known.keys) {
      const left = (counts.get(key) ?? 0) - 1
      if (left > 0) counts.set(key, left)
      else counts.delete(key)
    }
    if (counts.size === 0) this.#nodes.delete(known.node)
  }
}

function computeKeys(pod: Pod): string[] {
  const { namespace = '', name = '', annotations = {} } = pod.metadata
  const own = referenceKey('pods', namespace, name)
  // A node makes its mirror pods itself: through them it may not give itself anything.
  if (annotations[CONFIG_MIRROR_ANNOTATION] !== undefined) return [own]
  const references = [...podReferences(pod)].map((one) => referenceKey(one.resource, namespace, one.name))
  return [own, ...new Set(references)]
}

function referenceKey(resource: string, namespace: string, name: string): string {
  return `${resource}/${namespace}/${name}`
}
