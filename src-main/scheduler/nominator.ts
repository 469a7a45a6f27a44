/** Pods for which room is being made on a node: others count them there already (pkg/scheduler/backend/queue nominator). */
import type { NominatedPods } from './framework/filter-run.ts'
import type { PodInfo } from './framework/pod-info.ts'

export class Nominator implements NominatedPods {
  readonly #nodeOf = new Map<string, string>()
  readonly #byNode = new Map<string, Map<string, PodInfo>>()

  nominate(pod: PodInfo, node: string): void {
    this.remove(pod.uid)
    this.#nodeOf.set(pod.uid, node)
    const pods = this.#byNode.get(node) ?? new Map<string, PodInfo>()
    this.#byNode.set(node, pods.set(pod.uid, pod))
  }

  remove(uid: string): void {
    const node = this.#nodeOf.get(uid)
    if (node === undefined) return
    this.#nodeOf.delete(uid)
    const pods = this.#byNode.get(node)
    pods?.delete(uid)
    if (pods?.size === 0) this.#byNode.delete(node)
  }

  on(node: string): Iterable<PodInfo> {
    return this.#byNode.get(node)?.values() ?? []
  }
}
