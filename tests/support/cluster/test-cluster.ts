/** A control plane on one fake clock: the API server's registry in memory, the real controllers and scheduler, and nodes played by stand-ins. */
import { defaultTolerationSeconds } from '../../../src-main/apiserver/admission/default-toleration-seconds.ts'
import { TAINT_NODES_BY_CONDITION } from '../../../src-main/apiserver/admission/taint-nodes-by-condition.ts'
import { podBinding } from '../../../src-main/apiserver/subresources/pods/pod-binding.ts'
import { registryClient } from '../../../src-main/apiserver/testing/registry-client.ts'
import { newTestStorage, type TestStorage } from '../../../src-main/apiserver/testing/test-storage.ts'
import { DisposableStore } from '../../../src-main/base/disposable.ts'
import { silentLogger } from '../../../src-main/base/logger.ts'
import type { FakeClock } from '../../../src-main/base/testing/fake-clock.ts'
import type { ApiObject } from '../../../src-main/common/api/api-object.ts'
import type { Pod } from '../../../src-main/common/api/core.ts'
import type { StartController } from '../../../src-main/controller-manager/controller.ts'
import { indexByNode } from '../../../src-main/controller-manager/control/pods-by-node.ts'
import { testControllerContext } from '../../../src-main/controller-manager/testing/test-controller-context.ts'
import type { ApiClient } from '../../../src-main/kube/api-client.ts'
import { Informer } from '../../../src-main/kube/informer.ts'
import { NODES, PODS } from '../../../src-main/kube/resources.ts'
import { Scheduler } from '../../../src-main/scheduler/scheduler.ts'
import { NodeStandIn, type NodeStandInOptions } from './node-stand-in.ts'
import { NO_FAULTS, UnreliableClient, type Faults, type WriteRequest } from './unreliable-client.ts'

/** A write that a controller had carried out. */
export interface ControllerRequest extends WriteRequest {
  controller: string
}

export interface TestClusterOptions {
  /** By the names that `--controllers` knows. */
  controllers: Readonly<Record<string, StartController>>
  random: () => number
  nodes: Pick<NodeStandInOptions, 'renewalMs' | 'readyAfterMs' | 'podStartMs' | 'podStopMs'>
  onRequest?: (request: ControllerRequest) => void
}

export class TestCluster implements AsyncDisposable {
  readonly clock: FakeClock
  /** What a user asks, and kubelets. */
  readonly client: ApiClient
  readonly storage: TestStorage
  readonly nodes = new Map<string, NodeStandIn>()
  readonly #options: TestClusterOptions
  readonly #owned = new DisposableStore()
  readonly #pods: Informer<Pod & ApiObject>
  readonly #programs = new Map<'controllers' | 'scheduler', { way: UnreliableClient; owned: DisposableStore }>()
  #faults = NO_FAULTS

  constructor(options: TestClusterOptions) {
    this.#options = options
    this.storage = this.#owned.add(newTestStorage({ random: options.random }))
    this.storage.plugins.push(
      TAINT_NODES_BY_CONDITION,
      defaultTolerationSeconds({ notReadySeconds: 300, unreachableSeconds: 300 }),
    )
    this.clock = this.storage.clock
    this.client = registryClient(this.storage.registry, [podBinding(() => this.clock.now())])
    const shared = { client: this.client, clock: this.clock, logger: silentLogger, random: options.random }
    this.#pods = this.#owned.add(new Informer<Pod & ApiObject>({ ...shared, resource: PODS }))
    indexByNode(this.#pods)
    this.#pods.start()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('controllers')
    await this.stop('scheduler')
    for (const node of this.nodes.values()) await node.dispose()
    await this.#owned.dispose()
  }

  /** A process begins, with nothing in its mind. */
  start(program: 'controllers' | 'scheduler'): void {
    if (this.#programs.has(program)) return
    const owned = new DisposableStore()
    const way = owned.add(new UnreliableClient(this.client, this.clock, this.#options.random))
    way.faults = this.#faults
    this.#programs.set(program, { way, owned })
    if (program === 'controllers') this.#startControllers(way, owned)
    else this.#startScheduler(way, owned)
  }

  /** As a process that is killed. */
  async stop(program: 'controllers' | 'scheduler'): Promise<void> {
    const running = this.#programs.get(program)
    this.#programs.delete(program)
    await running?.owned.dispose()
  }

  isRunning(program: 'controllers' | 'scheduler'): boolean {
    return this.#programs.has(program)
  }

  set faults(faults: Faults) {
    this.#faults = faults
    for (const { way } of this.#programs.values()) way.faults = faults
  }

  cutWatches(): void {
    for (const { way } of this.#programs.values()) way.cutWatches()
  }

  /** The API server forgets what was before now. */
  async compact(): Promise<void> {
    const { metadata } = await this.client.list(NODES)
    await this.storage.store.compact(Number(metadata.resourceVersion))
  }

  /** A machine joins; its kubelet starts. */
  async addNode(name: string, labels: Record<string, string> = {}): Promise<NodeStandIn> {
    const { client, clock } = this
    const node = new NodeStandIn({ ...this.#options.nodes, client, clock, name, labels, pods: this.#pods })
    this.nodes.set(name, node)
    await node.start()
    return node
  }

  /** The machine is taken away, and its Node with it. */
  async removeNode(name: string): Promise<void> {
    const node = this.nodes.get(name)
    this.nodes.delete(name)
    await node?.dispose()
    await this.client.delete(NODES, { name })
  }

  #startControllers(way: UnreliableClient, owned: DisposableStore): void {
    const { onRequest, random } = this.#options
    const shared = owned.add(
      testControllerContext(
        way.as(() => undefined),
        this.clock,
        { random },
      ),
    )
    for (const [controller, start] of Object.entries(this.#options.controllers)) {
      const client = way.as((request) => onRequest?.({ controller, ...request }))
      owned.add(start({ ...shared, client }))
    }
  }

  #startScheduler(way: UnreliableClient, owned: DisposableStore): void {
    const client = way.as(() => undefined)
    const { random } = this.#options
    const shared = { client, clock: this.clock, logger: silentLogger, random }
    owned.add(new Scheduler({ ...shared, schedulerNames: ['default-scheduler'] })).start()
  }
}
