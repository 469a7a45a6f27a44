/** Brings one DaemonSet to where it should be (daemon_controller.go syncDaemonSet; facts 6.4 to 6.6). */
import type { Backoff } from '../../base/backoff.ts'
import type { Clock } from '../../base/clock.ts'
import type { ServedPod } from '../../common/api/core.ts'
import type { DaemonSet } from '../../common/api/daemon-set.ts'
import type { Node } from '../../common/api/node.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import type { Informer } from '../../kube/informer.ts'
import { DAEMON_SETS, PODS } from '../../kube/resources.ts'
import { claimObjects } from '../control/claim-objects.ts'
import { EXPECTATION_EXPIRY_MS } from '../control/expectations.ts'
import { selectorMatcher } from '../control/matches-selector.ts'
import { ownedAndOrphans } from '../control/owned-objects.ts'
import type { PodControl } from '../control/pod-control.ts'
import { isSameStatus } from '../control/same-status.ts'
import { updateStatus } from '../control/update-status.ts'
import { hashOf } from '../history/revision.ts'
import { computePlacement } from './compute-placement.ts'
import { computePodChanges, type PodChanges, type WantedChanges } from './compute-pod-changes.ts'
import { computeRollingUpdate } from './compute-rolling-update.ts'
import { computeStatus } from './compute-status.ts'
import type { DaemonPods } from './daemon-pods.ts'
import type { DaemonSetHistory } from './daemon-set-history.ts'
import { groupByNode, type DaemonSetView } from './daemon-set-view.ts'

export interface SyncDaemonSetOptions {
  client: ApiClient
  clock: Clock
  nodes: Informer<Node>
  /** Indexed by their controllers. */
  pods: Informer<ServedPod>
  history: DaemonSetHistory
  daemonPods: DaemonPods
  podControl: PodControl
  /** Of nodes whose pods fail. */
  failures: Backoff
  /** The DaemonSet is looked at again when so much time has passed. */
  again(set: DaemonSet, delayMs: number): void
}

/** What stays the same during one sync: when it changes, there is another one. */
type Known = Pick<DaemonSetView, 'set' | 'hash' | 'verdicts'>

export class DaemonSetSyncer {
  readonly #options: SyncDaemonSetOptions

  constructor(options: SyncDaemonSetOptions) {
    this.#options = options
  }

  /** Rejects when something has to be tried again. */
  async sync(set: DaemonSet): Promise<void> {
    const { history, daemonPods, nodes, podControl, again } = this.#options
    if (Object.values(set.spec.selector ?? {}).every((part) => Object.keys(part).length === 0)) {
      const message = 'This daemon set is selecting all pods. A non-empty selector is required.'
      podControl.tell(set, 'Warning', 'SelectingAll', message)
      return
    }
    // What it made may be collected already: neither pods nor numbers would be right (facts 6.4.7).
    if (set.metadata.deletionTimestamp !== undefined) return
    const { current, old } = await history.sync(set, () => this.#claimPods(set))
    const placement = computePlacement(set.spec.template)
    const verdicts = new Map(nodes.list().map((node) => [node.metadata.name ?? '', placement(node)]))
    const known: Known = { set, hash: hashOf(current), verdicts }
    if (!daemonPods.areShown(set)) {
      // A pod that came and went while the watch was lost is never shown.
      again(set, EXPECTATION_EXPIRY_MS + 1)
      await this.#updateStatus(await this.#look(known), undefined)
      return
    }
    let view = await this.#look(known)
    try {
      view = await this.#act(view)
      await history.cleanUp(set, old, () => this.#claimPods(set))
    } catch (error) {
      view = await this.#look(known)
      throw error
    } finally {
      await this.#updateStatus(view, set.metadata.generation)
    }
  }

  /** @returns what there is afterwards */
  async #act(view: DaemonSetView): Promise<DaemonSetView> {
    const { set } = view
    const managed = await this.#change(view, this.#decideEnded(view, computePodChanges(view)))
    if (set.spec.updateStrategy?.type === 'OnDelete' || !this.#options.daemonPods.areShown(set)) return managed
    return await this.#change(managed, computeRollingUpdate(managed))
  }

  /** A sync that has nothing to do, as most, looks once. */
  async #change(view: DaemonSetView, changes: PodChanges): Promise<DaemonSetView> {
    if (changes.create.length === 0 && changes.remove.length === 0) return view
    await this.#options.daemonPods.change(view.set, view.hash, changes)
    return await this.#look(view)
  }

  /** Pods that ended are deleted; those that failed later each time, for the kubelet may refuse the next one as well (facts 6.4.4). */
  #decideEnded({ set }: DaemonSetView, { create, remove, ended }: WantedChanges): PodChanges {
    const { clock, failures, podControl, again } = this.#options
    const going: ServedPod[] = []
    for (const { pod, node } of ended) {
      const name = `${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''}`
      if (pod.status?.phase === 'Succeeded') {
        const message = `Found succeeded daemon pod ${name} on node ${node}, will try to delete it`
        podControl.tell(set, 'Normal', 'SucceededDaemonPod', message)
      } else {
        const key = `${set.metadata.uid ?? ''}/${set.status?.observedGeneration ?? 0}/${node}`
        const untilMs = failures.waitsUntilSinceUpdate(key)
        if (untilMs !== undefined) {
          again(set, untilMs - clock.now())
          continue
        }
        failures.collectGarbage()
        failures.next(key, clock.now())
        const message = `Found failed daemon pod ${name} on node ${node}, will try to kill it`
        podControl.tell(set, 'Warning', 'FailedDaemonPod', message)
      }
      going.push(pod)
    }
    return { create, remove: [...remove, ...going] }
  }

  async #updateStatus(view: DaemonSetView, observedGeneration: number | undefined): Promise<void> {
    const { set } = view
    const { status, changesInMs } = computeStatus(view, observedGeneration)
    // Nothing tells when a ready pod has been so for long enough.
    if (changesInMs !== undefined) this.#options.again(set, changesInMs)
    if (!isSameStatus(set.status, status)) await updateStatus(this.#options.client, DAEMON_SETS, set, status)
  }

  async #look({ set, hash, verdicts }: Known): Promise<DaemonSetView> {
    this.#options.daemonPods.beforeLook(set)
    const pods = await this.#claimPods(set)
    return { set, hash, verdicts, podsByNode: groupByNode(pods), nowMs: this.#options.clock.now() }
  }

  /** Reads the informer anew, so that what was done shows as soon as it can. */
  async #claimPods(set: DaemonSet): Promise<ServedPod[]> {
    const { client, pods } = this.#options
    const { namespace = '', name = '' } = set.metadata
    return await claimObjects<ServedPod>(client, PODS, set, ownedAndOrphans(pods, set), {
      matches: selectorMatcher(set.spec.selector),
      fresh: () => client.get<DaemonSet>(DAEMON_SETS, { namespace, name }),
    })
  }
}
