/** Ends pods that no kubelet ends: above all those of nodes that are no more (pkg/controller/podgc; facts 7.12). */
import type { Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import { formatTime } from '../../common/api/time.ts'
import type { Node } from '../../common/api/node.ts'
import type { Informer } from '../../kube/informer.ts'
import { NODES, PODS } from '../../kube/resources.ts'
import { hasReason } from '../../kube/status-error.ts'
import type { ControllerContext } from '../controller.ts'
import {
  computeMissingNodes,
  computePodGarbage,
  isTerminated,
  type ObservedPod,
  type PodGarbage,
} from './compute-pod-garbage.ts'

const CHECK_PERIOD_MS = 20_000
/** So long a node has to be missing: the watch over nodes may be behind that over pods. */
const QUARANTINE_MS = 40_000
/** Deletions at a time. */
const PARALLEL = 8

export function startPodGarbageCollector(context: ControllerContext): Disposable {
  return new PodGarbageCollector(context)
}

class PodGarbageCollector implements Disposable {
  readonly #context: ControllerContext
  readonly #pods: Informer<ObservedPod>
  readonly #nodes: Informer<Node>
  /** Since when a node is missing that pods are on. */
  readonly #missingSinceMs = new Map<string, number>()
  #timer: Timer | undefined
  #isDisposed = false

  constructor(context: ControllerContext) {
    this.#context = context
    this.#pods = context.informers.of<ObservedPod>(PODS)
    this.#nodes = context.informers.of<Node>(NODES)
    this.#schedule()
  }

  dispose(): void {
    this.#isDisposed = true
    this.#timer?.cancel()
  }

  /** One round ends before the next begins, however long the server takes. */
  #schedule(): void {
    if (this.#isDisposed) return
    this.#timer = this.#context.clock.setTimer(CHECK_PERIOD_MS, () => {
      void this.#collect().finally(() => this.#schedule())
    })
  }

  async #collect(): Promise<void> {
    if (!this.#pods.hasSynced || !this.#nodes.hasSynced) return
    const pods = this.#pods.list()
    const nodeOf = (name: string): Node | undefined => this.#nodes.get(undefined, name)
    const goneNodes = await this.#findGoneNodes(computeMissingNodes({ pods, nodeOf }))
    const { terminatedPodGcThreshold: terminatedPodThreshold } = this.#context.settings
    const garbage = computePodGarbage({ pods, nodeOf, goneNodes, terminatedPodThreshold })
    for (let done = 0; done < garbage.length && !this.#isDisposed; done += PARALLEL)
      await Promise.all(garbage.slice(done, done + PARALLEL).map((one) => this.#endSafely(one)))
  }

  /** Those that have been missing for long enough, and that the server does not have either. */
  async #findGoneNodes(missing: ReadonlySet<string>): Promise<Set<string>> {
    const nowMs = this.#context.clock.now()
    for (const name of this.#missingSinceMs.keys()) if (!missing.has(name)) this.#missingSinceMs.delete(name)
    const gone = new Set<string>()
    for (const name of missing) {
      const sinceMs = this.#missingSinceMs.get(name) ?? nowMs
      this.#missingSinceMs.set(name, sinceMs)
      if (nowMs - sinceMs >= QUARANTINE_MS && !(await this.#mayExist(name))) gone.add(name)
    }
    return gone
  }

  async #mayExist(name: string): Promise<boolean> {
    try {
      await this.#context.client.get(NODES, { name })
      return true
    } catch (error) {
      if (hasReason(error, 'NotFound')) return false
      this.#context.logger.error('Error while getting node', { node: name, err: error })
      return true
    }
  }

  async #endSafely(garbage: PodGarbage): Promise<void> {
    const { metadata } = garbage.pod
    const pod = `${metadata.namespace ?? ''}/${metadata.name ?? ''}`
    const { logger } = this.#context
    try {
      await this.#end(garbage)
      logger.info('PodGC is force deleting Pod', { pod, reason: garbage.reason })
    } catch (error) {
      // Gone, or another pod of that name: nothing is left to do.
      if (hasReason(error, 'NotFound') || hasReason(error, 'Conflict')) return
      logger.error('PodGC failed to delete Pod', { pod, reason: garbage.reason, err: error })
    }
  }

  /** Its phase first: nobody else would say any more that it does not run. */
  async #end({ pod, reason }: PodGarbage): Promise<void> {
    const { client, clock } = this.#context
    const { namespace = '', name = '', uid = '' } = pod.metadata
    if (!isTerminated(pod)) {
      const conditions = reason === 'orphaned' ? { conditions: [disruptionCondition(formatTime(clock.now()))] } : {}
      const patch = { metadata: { uid }, status: { phase: 'Failed', ...conditions } }
      const address = { namespace, name, subresource: 'status' }
      await client.patch(PODS, address, 'application/strategic-merge-patch+json', patch)
    }
    await client.delete(PODS, { namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid } })
  }
}

function disruptionCondition(lastTransitionTime: string): object {
  return {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByPodGC',
    message: 'PodGC: node no longer exists',
    lastTransitionTime,
  }
}
