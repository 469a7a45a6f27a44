/** Pods for which room is being made on a node: others count them there already (pkg/scheduler/backend/queue nominator). */
import type { NominatedPods } from './framework/filter-run.ts'
import { placedOn, type PodInfo } from './framework/pod-info.ts'

export class Nominator implements NominatedPods {
  readonly #nodeOf = new Map<string, string>()
  readonly #byNode = new Map<string, Map<string, PodInfo>>()

  nominate(pod: PodInfo, node: string): void {
    this.remove(pod.uid)
    this.#nodeOf.set(pod.uid, node)
    const pods = this.#byNode.get(node) ?? new Map<string, PodInfo>()
    this.#byNode.set(node, pods.set(pod.uid, pod))
  }

  /** Answers it as if it had been on its node: there is room there now for others. */
  remove(uid: string): PodInfo | undefined {
    const node = this.#nodeOf.get(uid)
    if (node === undefined) return undefined
    this.#nodeOf.delete(uid)
    const pods = this.#byNode.get(node)
    const pod = pods?.get(uid)
    pods?.delete(uid)
    if (pods?.size === 0) this.#byNode.delete(node)
    return pod === undefined ? undefined : placedOn(pod, node)
  }

  on(node: string): Iterable<PodInfo> {
    return this.#byNode.get(node)?.values() ?? []
  }
}
