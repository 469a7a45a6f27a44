/** The pods that this node should run, by UID. */
import type { Pod } from '../common/api/core.ts'
import { podReference, podUid } from './pod-identity.ts'

export class PodManager {
  readonly #pods = new Map<string, Pod>()

  set(pod: Pod): void {
    this.#pods.set(podUid(pod), pod)
  }

  remove(uid: string): void {
    this.#pods.delete(uid)
  }

  get(uid: string): Pod | undefined {
    return this.#pods.get(uid)
  }

  has(uid: string): boolean {
    return this.#pods.has(uid)
  }

  find(namespace: string, name: string): Pod | undefined {
    return this.list().find((pod) => {
      const reference = podReference(pod)
      return reference.namespace === namespace && reference.name === name
    })
  }

  list(): Pod[] {
    return [...this.#pods.values()]
  }
}
