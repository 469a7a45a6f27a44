/** kube-controller-manager: the controllers that `--controllers` asks for, over shared informers. */
import { DisposableStore } from '../base/disposable.ts'
import type { ComponentContext, ComponentWork } from '../kube/component/run-component.ts'
import { EventRecorder } from '../kube/event-recorder.ts'
import type { ControllerContext, StartController } from './controller.ts'
import { computeControllerManagerSettings, type ControllerManagerSettings } from './controller-manager-settings.ts'
import { startDaemonSets } from './daemonset/daemonset-controller.ts'
import { startDeployments } from './deployment/deployment-controller.ts'
import { startDisruption } from './disruption/disruption-controller.ts'
import { startGarbageCollector } from './garbage-collector/garbage-collector-controller.ts'
import { startNamespaces } from './namespace/namespace-controller.ts'
import { startNodeLifecycle } from './node-lifecycle/node-lifecycle-controller.ts'
import { startPodGarbageCollector } from './pod-gc/pod-gc-controller.ts'
import { startReplicaSets } from './replicaset/replicaset-controller.ts'
import { startRootCaCertPublisher } from './root-ca-cert-publisher/root-ca-cert-publisher.ts'
import { startServiceAccounts } from './serviceaccount/serviceaccounts-controller.ts'
import { SharedInformers } from './shared-informers.ts'
import { startTaintEviction } from './taint-eviction/taint-eviction-controller.ts'
import { startTtl } from './ttl/ttl-controller.ts'

/** By the names that `--controllers` knows. */
const CONTROLLERS: Readonly<Record<string, StartController>> = {
  'daemonset-controller': startDaemonSets,
  'deployment-controller': startDeployments,
  'disruption-controller': startDisruption,
  'garbage-collector-controller': startGarbageCollector,
  'namespace-controller': startNamespaces,
  'node-lifecycle-controller': startNodeLifecycle,
  'pod-garbage-collector-controller': startPodGarbageCollector,
  'replicaset-controller': startReplicaSets,
  'root-ca-certificate-publisher-controller': startRootCaCertPublisher,
  'serviceaccount-controller': startServiceAccounts,
  'taint-eviction-controller': startTaintEviction,
  'ttl-controller': startTtl,
}

/** Pure. `*` stands for all, `-name` takes one away (component-base's IsControllerEnabled). */
export function isControllerEnabled(name: string, controllers: readonly string[]): boolean {
  if (controllers.includes(`-${name}`)) return false
  return controllers.includes('*') || controllers.includes(name)
}

export class ControllerManager implements ComponentWork {
  readonly #context: ComponentContext
  readonly #informers: SharedInformers
  readonly #rootAuthority: string
  readonly #settings: ControllerManagerSettings
  readonly #owned = new DisposableStore()

  /** @param rootAuthority PEM; empty without one. @throws FlagError */
  constructor(context: ComponentContext, rootAuthority: string) {
    this.#context = context
    this.#rootAuthority = rootAuthority
    this.#settings = computeControllerManagerSettings(context.flags)
    const { client, clock, logger, random } = context
    this.#informers = new SharedInformers({ client, clock, logger, random })
  }

  start(): void {
    this.#owned.add(this.#informers)
    const { client, clock, logger, random, flags } = this.#context
    const wanted = (flags.values.get('controllers') ?? '*').split(',')
    const shared: ControllerContext = {
      client,
      clock,
      logger,
      eventsAs: (component) => this.#owned.add(new EventRecorder({ client, clock, logger, source: { component } })),
      informers: this.#informers,
      random,
      rootAuthority: this.#rootAuthority,
      settings: this.#settings,
    }
    for (const [name, start] of Object.entries(CONTROLLERS)) {
      if (!isControllerEnabled(name, wanted)) {
        logger.info('Controller is disabled', { controller: name })
        continue
      }
      this.#owned.add(start(shared))
      logger.info('Started controller', { controller: name })
    }
  }

  get hasSynced(): boolean {
    return this.#informers.haveSynced
  }

  dispose(): Promise<void> {
    return this.#owned.dispose()
  }
}
