/**
 * Nodes, and the pods that are on them or on their way, counted as they come and go (pkg/scheduler/backend/cache). A pod that
 * got its node just now is assumed to be there until the server shows it so, or its binding fails. Nothing here waits, so
 * whoever reads it without waiting sees one moment, as upstream's Snapshot does.
 */
import type { Pod } from '../../common/api/core.ts'
import type { Node } from '../../common/api/node.ts'
import { CountedNode } from '../framework/node-info.ts'
import { computePodInfo, placedOn, type PodInfo } from '../framework/pod-info.ts'

interface PlacedPod {
  info: PodInfo
  node: string
  /** `assumed`: bound by us, and not yet seen so. */
  state: 'assumed' | 'seen'
}

export class SchedulerCache {
  readonly #nodes = new Map<string, CountedNode>()
  readonly #pods = new Map<string, PlacedPod>()
  /** Pods of nodes that are not there, or not yet: by the node's name, then uid. */
  readonly #homeless = new Map<string, Map<string, PodInfo>>()
  #list: readonly CountedNode[] | undefined

  /** In the order in which they came. */
  get nodes(): readonly CountedNode[] {
    this.#list ??= [...this.#nodes.values()]
    return this.#list
  }

  getNode(name: string): CountedNode | undefined {
    return this.#nodes.get(name)
  }

  setNode(node: Node): void {
    const { name = '' } = node.metadata
    const known = this.#nodes.get(name)
    if (known !== undefined) {
      known.node = node
      return
    }
    this.#nodes.set(name, new CountedNode(node, this.#homeless.get(name)?.values()))
    this.#homeless.delete(name)
    this.#list = undefined
  }

  removeNode(name: string): void {
    const node = this.#nodes.get(name)
    if (node === undefined) return
    if (node.pods.size > 0) this.#homeless.set(name, new Map(node.pods))
    this.#nodes.delete(name)
    this.#list = undefined
  }

  /** The server shows the pod on its node, wherever we assumed it. */
  setPod(pod: Pod): void {
    const { uid = '' } = pod.metadata
    const before = this.#pods.get(uid)
    const info = computePodInfo(pod, before?.info)
    const { nodeName = '' } = pod.spec
    if (before !== undefined && before.node !== nodeName) this.#takeOff(before)
    this.#put({ info, node: nodeName, state: 'seen' })
  }

  /** It is gone, or has ended. Answers what took the place. */
  removePod(uid: string): PodInfo | undefined {
    const placed = this.#pods.get(uid)
    if (placed !== undefined) this.#takeOff(placed)
    return placed?.info
  }

  assume(info: PodInfo, node: string): void {
    this.#put({ info: placedOn(info, node), node, state: 'assumed' })
  }

  /** It was not bound after all. Answers what took the place, unless the server has shown it somewhere meanwhile. */
  forget(uid: string): PodInfo | undefined {
    return this.isAssumed(uid) ? this.removePod(uid) : undefined
  }

  isAssumed(uid: string): boolean {
    return this.#pods.get(uid)?.state === 'assumed'
  }

  #put(placed: PlacedPod): void {
    const { info, node } = placed
    this.#pods.set(info.uid, placed)
    const known = this.#nodes.get(node)
    if (known !== undefined) {
      known.addPod(info)
      return
    }
    const others = this.#homeless.get(node) ?? new Map<string, PodInfo>()
    this.#homeless.set(node, others.set(info.uid, info))
  }

  #takeOff({ info: { uid }, node }: PlacedPod): void {
    this.#pods.delete(uid)
    this.#nodes.get(node)?.removePod(uid)
    const others = this.#homeless.get(node)
    others?.delete(uid)
    if (others?.size === 0) this.#homeless.delete(node)
  }
}
