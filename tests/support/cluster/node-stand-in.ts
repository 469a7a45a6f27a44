/**
 * A node whose kubelet does what the control plane can see of one: it registers, renews its lease, says how it is, starts pods
 * and ends them. When it is stopped its containers run on.
 */
import type { Clock } from '../../../src-main/base/clock.ts'
import { DisposableStore, type Disposable } from '../../../src-main/base/disposable.ts'
import type { ApiObject } from '../../../src-main/common/api/api-object.ts'
import type { Pod } from '../../../src-main/common/api/core.ts'
import type { Lease } from '../../../src-main/common/api/lease.ts'
import type { Node, NodeCondition } from '../../../src-main/common/api/node.ts'
import { isPodReady } from '../../../src-main/common/api/pod-helpers.ts'
import { formatMicroTime, formatTime } from '../../../src-main/common/api/time.ts'
import { podsOfNode } from '../../../src-main/controller-manager/control/pods-by-node.ts'
import type { ApiClient } from '../../../src-main/kube/api-client.ts'
import type { Informer } from '../../../src-main/kube/informer.ts'
import { LEASES, NODES, PODS } from '../../../src-main/kube/resources.ts'
import { hasReason } from '../../../src-main/kube/status-error.ts'

export interface NodeStandInOptions {
  client: ApiClient
  clock: Clock
  name: string
  labels?: Record<string, string>
  /** Of all nodes, indexed by node. */
  pods: Informer<LivePod>
  renewalMs: number
  /** From its start until it says that it is ready. */
  readyAfterMs: () => number
  /** How long a pod takes from its node to ready, and from its deletion to its end. */
  podStartMs: () => number
  podStopMs: () => number
}

type LivePod = Pod & ApiObject
type Work = 'start' | 'stop'

const STATUS_TYPE = 'application/strategic-merge-patch+json'

export class NodeStandIn implements Disposable {
  readonly name: string
  readonly #options: NodeStandInOptions
  readonly #owned = new DisposableStore()
  /** By uid; of pods whose containers run. */
  readonly #running = new Set<string>()
  /** By uid: what is being done about it. */
  readonly #working = new Map<string, Work>()
  #state: 'stopped' | 'starting' | 'ready' | 'disposed' = 'stopped'
  /** Timers of an earlier life do nothing. */
  #life = 0

  constructor(options: NodeStandInOptions) {
    this.name = options.name
    this.#options = options
    this.#owned.add(
      options.pods.follow({
        onAdd: (pod) => this.#look(pod),
        onUpdate: (pod) => this.#look(pod),
        onDelete: ({ metadata }) => {
          this.#running.delete(metadata.uid ?? '')
          this.#working.delete(metadata.uid ?? '')
        },
      }),
    )
  }

  get isAlive(): boolean {
    return this.#state === 'starting' || this.#state === 'ready'
  }

  /** The kubelet starts; it registers its node when that is not there. */
  async start(): Promise<void> {
    if (this.isAlive || this.#state === 'disposed') return
    this.#state = 'starting'
    const life = ++this.#life
    await this.#register()
    await this.#renew(life)
    this.#after(life, this.#options.readyAfterMs(), () => this.#becomeReady())
    for (const pod of podsOfNode(this.#options.pods, this.name)) this.#look(pod)
  }

  stop(): void {
    if (this.#state === 'disposed') return
    this.#state = 'stopped'
    this.#life += 1
    this.#working.clear()
  }

  dispose(): Promise<void> {
    this.#state = 'disposed'
    this.#life += 1
    return this.#owned.dispose()
  }

  async #register(): Promise<void> {
    const { client, name, labels = {} } = this.#options
    const status = { conditions: this.#conditions('False'), capacity: { pods: '110' }, allocatable: { pods: '110' } }
    const metadata = { name, labels: { 'kubernetes.io/hostname': name, ...labels } }
    try {
      await client.create<Node>(NODES, { apiVersion: 'v1', kind: 'Node', metadata, spec: {}, status })
    } catch (error) {
      if (!hasReason(error, 'AlreadyExists')) throw error
      await client.patch(NODES, { name, subresource: 'status' }, STATUS_TYPE, { status })
    }
  }

  async #becomeReady(): Promise<void> {
    this.#state = 'ready'
    const status = { conditions: this.#conditions('True') }
    await this.#options.client.patch(NODES, { name: this.name, subresource: 'status' }, STATUS_TYPE, { status })
  }

  #conditions(ready: 'True' | 'False'): NodeCondition[] {
    const lastHeartbeatTime = formatTime(this.#options.clock.now())
    const said = (type: string, status: 'True' | 'False', reason: string, message: string): NodeCondition => {
      return { type, status, reason, message, lastHeartbeatTime, lastTransitionTime: lastHeartbeatTime }
    }
    return [
      said('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
      said('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      said('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      ready === 'True'
        ? said('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status')
        : said('Ready', 'False', 'KubeletNotReady', 'container runtime status check may not have completed yet'),
    ]
  }

  async #renew(life: number): Promise<void> {
    const { client, clock, name, renewalMs } = this.#options
    const metadata = { namespace: 'kube-node-lease', name }
    const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: formatMicroTime(clock.now()) }
    try {
      await client.patch(LEASES, metadata, 'application/merge-patch+json', { spec })
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error
      await client.create<Lease>(LEASES, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec })
    }
    this.#after(life, renewalMs, () => this.#renew(life))
  }

  /** Unless the kubelet is stopped meanwhile. What is gone by then is nobody's failure. */
  #after(life: number, delayMs: number, act: () => Promise<unknown>): void {
    this.#options.clock.setTimer(delayMs, () => {
      if (this.#life !== life) return
      act().catch((error: unknown) => {
        if (!hasReason(error, 'NotFound') && !hasReason(error, 'Conflict')) throw error
      })
    })
  }

  #look(pod: LivePod): void {
    const { uid = '', deletionTimestamp } = pod.metadata
    if (!this.isAlive || pod.spec.nodeName !== this.name) return
    const { phase = 'Pending' } = pod.status ?? {}
    const hasEnded = phase === 'Succeeded' || phase === 'Failed'
    if (deletionTimestamp !== undefined) {
      const stopMs = hasEnded || !this.#running.has(uid) ? 0 : this.#options.podStopMs()
      return this.#work(uid, 'stop', stopMs, () => this.#end(pod))
    }
    if (hasEnded || (phase === 'Running' && isPodReady(pod))) return
    this.#work(uid, 'start', this.#running.has(uid) ? 0 : this.#options.podStartMs(), () => this.#run(pod))
  }

  #work(uid: string, work: Work, afterMs: number, act: () => Promise<unknown>): void {
    if (this.#working.get(uid) === work) return
    this.#working.set(uid, work)
    this.#after(this.#life, afterMs, async () => {
      if (this.#working.get(uid) !== work) return
      this.#working.delete(uid)
      await act()
    })
  }

  async #run({ metadata, spec }: LivePod): Promise<void> {
    const { client, clock } = this.#options
    const { namespace = '', name = '', uid = '' } = metadata
    this.#running.add(uid)
    const now = formatTime(clock.now())
    const conditions = ['Initialized', 'Ready', 'ContainersReady'].map((type) => {
      return { type, status: 'True', lastTransitionTime: now }
    })
    const containerStatuses = spec.containers.map(({ name: container, image = '' }) => ({
      name: container,
      image,
      imageID: '',
      ready: true,
      restartCount: 0,
      state: { running: { startedAt: now } },
    }))
    const status = { phase: 'Running', conditions, containerStatuses }
    await client.patch(PODS, { namespace, name, subresource: 'status' }, STATUS_TYPE, { metadata: { uid }, status })
  }

  async #end({ metadata }: LivePod): Promise<void> {
    const { namespace = '', name = '', uid = '' } = metadata
    this.#running.delete(uid)
    const options = { gracePeriodSeconds: 0, preconditions: { uid } }
    await this.#options.client.delete(PODS, { namespace, name }, options)
  }
}
