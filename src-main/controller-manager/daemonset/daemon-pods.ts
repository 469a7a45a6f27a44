/** Makes and deletes the pods of DaemonSets, and knows what of it the watches have not shown yet (daemon_controller.go syncNodes; facts 6.4.2). */
import type { Clock } from '../../base/clock.ts'
import type { Pod, ServedPod } from '../../common/api/core.ts'
import type { DaemonSet } from '../../common/api/daemon-set.ts'
import { objectKey } from '../../kube/informer.ts'
import { StatusError } from '../../kube/status-error.ts'
import { Expectations } from '../control/expectations.ts'
import { isNamespaceTerminating } from '../control/namespace-terminating.ts'
import type { PodControl } from '../control/pod-control.ts'
import { slowStartBatch } from '../control/slow-start-batch.ts'
import type { PodChanges } from './compute-pod-changes.ts'
import { daemonPodFor, newDaemonPod, targetNodeOf, type Binder } from './daemon-pod.ts'
import { PodNames } from './pod-names.ts'

/** So many pods at most are made, and deleted, before the watch has shown it. */
const BURST = 250

export interface DaemonPodsOptions {
  clock: Clock
  podControl: PodControl
  binder: Binder
  random: () => number
}

export class DaemonPods {
  readonly #podControl: PodControl
  readonly #binder: Binder
  /** By the DaemonSet's uid. */
  readonly #expectations: Expectations
  readonly #names: PodNames

  constructor({ clock, podControl, binder, random }: DaemonPodsOptions) {
    this.#podControl = podControl
    this.#binder = binder
    this.#expectations = new Expectations(clock)
    this.#names = new PodNames(random)
  }

  /** Whether the watch has shown all that was done. */
  areShown({ metadata }: DaemonSet): boolean {
    return this.#expectations.areSatisfied(metadata.uid ?? '')
  }

  /** The watch shows a new pod of the DaemonSet with this uid. */
  onAdded(owner: string, pod: ServedPod): void {
    this.#expectations.creationObserved(owner)
    this.#names.onShown(owner, targetNodeOf(pod) ?? '', pod.metadata)
  }

  /** The watch shows that a pod is being deleted, or gone. */
  onGoing(owner: string, { metadata }: ServedPod): void {
    this.#expectations.deletionObserved(owner, objectKey(metadata.namespace, metadata.name))
  }

  /** Its pods are about to be read from the watch's state. What is shown later is not among them, and not made a second time. */
  beforeLook({ metadata }: DaemonSet): void {
    this.#names.settle(metadata.uid ?? '')
  }

  onOwnerGone(owner: string): void {
    this.#expectations.forget(owner)
    this.#names.forgetOwner(owner)
  }

  /** Rejects with the first failure, when all that was begun has ended. `hash`: of the current revision. */
  async change(set: DaemonSet, hash: string, { create, remove }: PodChanges): Promise<void> {
    const { uid = '' } = set.metadata
    const nodes = create.filter((node) => !this.#names.isShown(uid, node)).slice(0, BURST)
    const pods = remove.slice(0, BURST)
    const keys = pods.map(({ metadata }) => objectKey(metadata.namespace, metadata.name))
    this.#expectations.expect(uid, nodes.length, keys)
    const created = await this.#createAll(set, hash, nodes)
    const deleted = await Promise.allSettled(pods.map((pod) => this.#delete(set, pod)))
    for (const result of [created, ...deleted]) if (result.status === 'rejected') throw result.reason
  }

  async #createAll(set: DaemonSet, hash: string, nodes: readonly string[]): Promise<PromiseSettledResult<void>> {
    if (nodes.length === 0) return { status: 'fulfilled', value: undefined }
    const pod = newDaemonPod(set, hash)
    const { succeeded, error } = await slowStartBatch(nodes.length, async (index) => {
      const node = nodes[index] ?? ''
      await this.#create(set, pod, node)
    })
    // Those that failed, and those that were not tried then.
    for (let missing = nodes.length - succeeded; missing > 0; missing--)
      this.#expectations.creationObserved(set.metadata.uid ?? '')
    return error === undefined ? { status: 'fulfilled', value: undefined } : { status: 'rejected', reason: error }
  }

  async #create(set: DaemonSet, pod: Pod, node: string): Promise<void> {
    const { uid = '' } = set.metadata
    if (this.#names.isShown(uid, node)) return
    const { name, isAgain } = this.#names.nameFor(uid, node, pod.metadata.generateName ?? '')
    try {
      const wanted = daemonPodFor(pod, name, node, this.#binder)
      const { metadata } = await this.#podControl.create(set, wanted, { mayExist: isAgain })
      this.#names.onMade(uid, node, metadata.uid ?? '')
    } catch (error) {
      // That this request did nothing says nothing of those before.
      if (!isAgain && !mayHaveBeenDone(error)) this.#names.forget(uid, node)
      // All of the namespace goes, this DaemonSet too: nothing is to be tried again.
      if (!isNamespaceTerminating(error)) throw error
    }
  }

  async #delete(set: DaemonSet, pod: ServedPod): Promise<void> {
    try {
      await this.#podControl.delete(set, pod)
    } catch (error) {
      this.onGoing(set.metadata.uid ?? '', pod)
      throw error
    }
  }
}

/** Nobody answered, or the server came to grief over the answer. */
function mayHaveBeenDone(error: unknown): boolean {
  return !(error instanceof StatusError) || (error.status.code ?? 0) >= 500
}
