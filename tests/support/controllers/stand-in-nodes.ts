/** Scheduler and kubelets, as small as tests of controllers need them: pods get the nodes they are meant for or nodes in turn, become ready after a while, and end when they are deleted. */
import type { Clock } from '../../../src-main/base/clock.ts'
import { DisposableStore, type Disposable } from '../../../src-main/base/disposable.ts'
import { silentLogger } from '../../../src-main/base/logger.ts'
import type { ApiObject, UnknownObject } from '../../../src-main/common/api/api-object.ts'
import type { Pod } from '../../../src-main/common/api/core.ts'
import { formatTime } from '../../../src-main/common/api/time.ts'
import { targetNodeOf } from '../../../src-main/controller-manager/daemonset/daemon-pod.ts'
import type { ApiClient } from '../../../src-main/kube/api-client.ts'
import { Informer } from '../../../src-main/kube/informer.ts'
import { PODS } from '../../../src-main/kube/resources.ts'
import { hasReason } from '../../../src-main/kube/status-error.ts'

export interface StandInOptions {
  client: ApiClient
  clock: Clock
  nodes: readonly string[]
  /** From its node to ready; 1 s unless told otherwise. */
  startMs?: number
  /** From its deletion to the end of its containers; 1 s unless told otherwise. */
  stopMs?: number
  /** From there until it is gone; at once unless told otherwise. */
  lingerMs?: number
  /** Pods that never become ready; none unless told otherwise. */
  isBroken?: (pod: Pod) => boolean
}

type LivePod = Pod & ApiObject
type Step = 'bound' | 'starting' | 'stopping' | 'lingering'

export class StandInNodes implements Disposable {
  readonly #options: StandInOptions
  readonly #owned = new DisposableStore()
  readonly #seen = new Map<string, Step>()
  readonly #pods: Informer<LivePod>
  #next = 0
  #isDisposed = false
  #hasScheduler = true

  constructor(options: StandInOptions) {
    this.#options = options
    const { client, clock } = options
    this.#pods = this.#owned.add(
      new Informer<LivePod>({ client, clock, logger: silentLogger, random: () => 0, resource: PODS }),
    )
    this.#owned.add(
      this.#pods.follow({
        onAdd: (pod) => this.#look(pod),
        onUpdate: (pod) => this.#look(pod),
        onDelete: ({ metadata }) => this.#seen.delete(metadata.uid ?? ''),
      }),
    )
    this.#pods.start()
  }

  dispose(): Promise<void> {
    this.#isDisposed = true
    return this.#owned.dispose()
  }

  /** Without one, pods stay where they are: those without a node wait. */
  setScheduler(state: 'running' | 'stopped'): void {
    this.#hasScheduler = state === 'running'
    for (const pod of this.#pods.list()) this.#look(pod)
  }

  #look(pod: LivePod): void {
    const { startMs = 1000, stopMs = 1000 } = this.#options
    if (pod.metadata.deletionTimestamp !== undefined) {
      if (this.#seen.get(pod.metadata.uid ?? '') !== 'lingering')
        this.#once(pod, 'stopping', stopMs, () => this.#stop(pod))
      return
    }
    if ((pod.spec.nodeName ?? '') === '') {
      if (this.#hasScheduler) this.#once(pod, 'bound', 0, () => this.#bind(pod))
      return
    }
    if (pod.status?.phase !== undefined && pod.status.phase !== 'Pending') return
    this.#once(pod, 'starting', startMs, () => this.#run(pod))
  }

  #once({ metadata }: LivePod, step: Step, afterMs: number, act: () => Promise<unknown>): void {
    const { uid = '' } = metadata
    if (this.#seen.get(uid) === step) return
    this.#seen.set(uid, step)
    this.#options.clock.setTimer(afterMs, () => {
      if (this.#isDisposed || this.#seen.get(uid) !== step) return
      act().catch((error: unknown) => {
        // It may have been deleted meanwhile.
        if (!this.#isDisposed && !hasReason(error, 'NotFound') && !hasReason(error, 'Conflict')) throw error
      })
    })
  }

  async #bind(pod: LivePod): Promise<void> {
    const { client, nodes } = this.#options
    const { namespace = '', name = '' } = pod.metadata
    const node = targetNodeOf(pod) ?? nodes[this.#next++ % nodes.length] ?? ''
    const binding: UnknownObject = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { namespace, name },
      target: { kind: 'Node', name: node },
    }
    await client.create(PODS, binding, { namespace, name, subresource: 'binding' })
  }

  async #run(pod: LivePod): Promise<void> {
    const ready = this.#options.isBroken?.(pod) === true ? 'False' : 'True'
    const lastTransitionTime = formatTime(this.#options.clock.now())
    await this.#patchStatus(pod, {
      phase: 'Running',
      conditions: ['Initialized', 'Ready', 'ContainersReady'].map((type) => {
        return { type, status: type === 'Initialized' ? 'True' : ready, lastTransitionTime }
      }),
      containerStatuses: pod.spec.containers.map(({ name, image = '' }) => ({
        name,
        image,
        imageID: '',
        ready: ready === 'True',
        restartCount: 0,
        state: { running: { startedAt: lastTransitionTime } },
      })),
    })
  }

  async #patchStatus({ metadata }: LivePod, status: object): Promise<void> {
    const { namespace = '', name = '' } = metadata
    const address = { namespace, name, subresource: 'status' }
    await this.#options.client.patch(PODS, address, 'application/strategic-merge-patch+json', { status })
  }

  /** Its containers have ended. */
  async #stop(pod: LivePod): Promise<void> {
    const lastTransitionTime = formatTime(this.#options.clock.now())
    this.#once(pod, 'lingering', this.#options.lingerMs ?? 0, () => this.#end(pod))
    const conditions = ['Ready', 'ContainersReady'].map((type) => ({ type, status: 'False', lastTransitionTime }))
    await this.#patchStatus(pod, { conditions })
  }

  async #end({ metadata }: LivePod): Promise<void> {
    const { namespace = '', name = '', uid = '' } = metadata
    const preconditions = { uid }
    await this.#options.client.delete(PODS, { namespace, name }, { gracePeriodSeconds: 0, preconditions })
  }
}
