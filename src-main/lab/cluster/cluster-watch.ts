/** Follows nodes and pods of one lab's API server, and tells what it says as a whole. */
import type { Clock, Timer } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { Node } from '../../common/api/node.ts'
import type { ApiServerState, ClusterNode, ClusterView } from '../../common/lab/cluster-view.ts'
import { Informer } from '../../kube/informer.ts'
import { openClusterClient } from './cluster-client.ts'
import { NODES, PODS } from '../../kube/resources.ts'

/** A change seldom comes alone. */
const SETTLE_MS = 50

export interface ClusterWatchOptions {
  lab: string
  /** Path. */
  kubeconfig: string
  clock: Clock
  logger: Logger
  onChanged(view: ClusterView): void
}

export class ClusterWatch implements Disposable {
  readonly #options: ClusterWatchOptions
  readonly #owned = new DisposableStore()
  readonly #pods: Informer<Pod & ApiObject>
  readonly #nodes: Informer<Node>
  #state: ApiServerState = 'connecting'
  #message: string | undefined
  #timer: Timer | undefined

  /** @throws LabError Unavailable when there is no usable kubeconfig */
  constructor(options: ClusterWatchOptions) {
    this.#options = options
    const { clock, logger } = options
    const client = this.#owned.add(openClusterClient(options.kubeconfig, clock))
    const shared = { client, clock, logger, random: Math.random }
    this.#pods = this.#owned.add(new Informer({ ...shared, resource: PODS, trim: withoutManagers }))
    this.#nodes = this.#owned.add(new Informer({ ...shared, resource: NODES, trim: withoutManagers }))
    const changed = (): void => this.#schedule()
    const handler = {
      onAdd: changed,
      onUpdate: changed,
      onDelete: changed,
      onSynced: changed,
      onConnected: () => this.#become('ready'),
      onFailed: (message: string) => this.#become('away', message),
    }
    this.#owned.add(this.#pods.follow(handler))
    this.#owned.add(this.#nodes.follow(handler))
    this.#pods.start()
    this.#nodes.start()
  }

  dispose(): Promise<void> {
    this.#timer?.cancel()
    return this.#owned.dispose()
  }

  view(): ClusterView {
    const pods = this.#pods.list().toSorted((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1))
    const nodes = this.#nodes.list().map(summarizeNode)
    return {
      lab: this.#options.lab,
      state: this.#state,
      ...(this.#message === undefined ? {} : { message: this.#message }),
      nodes: nodes.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
      pods,
      observedAt: new Date(this.#options.clock.now()).toISOString(),
    }
  }

  #become(state: ApiServerState, message?: string): void {
    if (this.#state === state && this.#message === message) return
    this.#state = state
    this.#message = message
    this.#schedule()
  }

  #schedule(): void {
    this.#timer ??= this.#options.clock.setTimer(SETTLE_MS, () => {
      this.#timer = undefined
      this.#options.onChanged(this.view())
    })
  }
}

/** Who wrote which field is much, and nobody looks at it here. */
function withoutManagers<Kind extends ApiObject>(object: Kind): Kind {
  const { managedFields: _managedFields, ...metadata } = object.metadata as Kind['metadata'] & {
    managedFields?: unknown
  }
  return { ...object, metadata }
}

function orderOf({ metadata }: Pod): string {
  return `${metadata.namespace ?? ''}/${metadata.name ?? ''}`
}

function summarizeNode({ metadata, spec, status }: Node): ClusterNode {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')
  return {
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    ready: ready?.status ?? 'Unknown',
    ...(ready?.status === 'True' || ready?.message === undefined ? {} : { message: ready.message }),
    unschedulable: spec?.unschedulable === true,
    taints: (spec?.taints ?? []).map(
      ({ key, value = '', effect }) => `${key}${value === '' ? '' : `=${value}`}:${effect}`,
    ),
  }
}
