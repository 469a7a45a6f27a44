/** Counts for disruption budgets how many of their pods may go (pkg/controller/disruption). */
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { WorkQueue } from '../../base/work-queue.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { Deployment } from '../../common/api/deployment.ts'
import { formatLabelSelector, labelRequirements } from '../../common/api/label-selector-object.ts'
import { matchesLabels } from '../../common/api/label-selector.ts'
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from '../../common/api/pod-disruption-budget.ts'
import type { ReplicaSet } from '../../common/api/replica-set.ts'
import type { EventRecorder } from '../../kube/event-recorder.ts'
import { objectKey, type Informer } from '../../kube/informer.ts'
import { DEPLOYMENTS, POD_DISRUPTION_BUDGETS, PODS, REPLICA_SETS } from '../../kube/resources.ts'
import { logRetry } from '../control/log-retry.ts'
import { controllerOf } from '../control/owner-reference.ts'
import { referenceTo } from '../control/reference-to.ts'
import { isSameStatus } from '../control/same-status.ts'
import type { ControllerContext } from '../controller.ts'
import { computeBudgetStatus, computeFailedStatus } from './compute-budget-status.ts'
import { computeExpectedPods, UnknownScaleError, type ExpectedPods } from './compute-expected-pods.ts'
import { scaleFinder } from './find-scale.ts'
import { clearStaleDisruptionTargets } from './stale-disruption-targets.ts'

export function startDisruption(context: ControllerContext): Disposable {
  const owned = new DisposableStore()
  owned.add(new Budgets(context))
  owned.add(clearStaleDisruptionTargets(context))
  return owned
}

type LivePod = Pod & ApiObject

class Budgets implements Disposable {
  readonly #owned = new DisposableStore()
  readonly #context: ControllerContext
  readonly #events: EventRecorder
  readonly #budgets: Informer<PodDisruptionBudget>
  readonly #pods: Informer<LivePod>
  readonly #sets: Informer<ReplicaSet>
  readonly #deployments: Informer<Deployment>
  readonly #queue: WorkQueue

  constructor(context: ControllerContext) {
    this.#context = context
    const { clock, informers, logger } = context
    this.#events = context.eventsAs('controllermanager')
    this.#budgets = informers.of<PodDisruptionBudget>(POD_DISRUPTION_BUDGETS)
    this.#pods = informers.of<LivePod>(PODS)
    this.#sets = informers.of<ReplicaSet>(REPLICA_SETS)
    this.#deployments = informers.of<Deployment>(DEPLOYMENTS)
    this.#queue = this.#owned.add(
      new WorkQueue({
        clock,
        workers: 1,
        sync: (key) => this.#sync(key),
        onFailure: (budget, err) => logRetry(logger, 'Error syncing PodDisruptionBudget, requeuing', { budget, err }),
      }),
    )
    this.#follow()
  }

  dispose(): Promise<void> {
    return this.#owned.dispose()
  }

  #follow(): void {
    const look = (budget: PodDisruptionBudget): void => this.#look(budget)
    const onSynced = (): void => this.#budgets.list().forEach(look)
    this.#owned.add(this.#budgets.follow({ onAdd: look, onUpdate: look, onSynced }))
    this.#owned.add(
      this.#pods.follow({
        onAdd: (pod) => this.#onPod(pod),
        onUpdate: (pod, before) => {
          this.#onPod(before)
          this.#onPod(pod)
        },
        onDelete: (pod) => this.#onPod(pod),
        onSynced,
      }),
    )
    // Another number of replicas is another number of pods to count on.
    const onWorkload = ({ metadata }: ApiObject): void =>
      this.#budgets.list().forEach((budget) => {
        if (budget.metadata.namespace === metadata.namespace) this.#look(budget)
      })
    this.#owned.add(this.#sets.follow({ onUpdate: isRescaled(onWorkload), onSynced }))
    this.#owned.add(this.#deployments.follow({ onUpdate: isRescaled(onWorkload), onSynced }))
  }

  #look({ metadata }: PodDisruptionBudget): void {
    this.#queue.add(objectKey(metadata.namespace, metadata.name))
  }

  #onPod(pod: LivePod): void {
    for (const budget of this.#budgets.list()) if (concerns(budget, pod)) this.#look(budget)
  }

  async #sync(key: string): Promise<void> {
    const all = [this.#budgets, this.#pods, this.#sets, this.#deployments]
    if (!all.every(({ hasSynced }) => hasSynced)) return
    const [namespace = '', name = ''] = key.split('/')
    const budget = this.#budgets.get(namespace, name)
    if (budget === undefined) return
    const pods = this.#pods.list().filter((pod) => concerns(budget, pod))
    if (pods.length === 0) this.#tell(budget, 'Normal', 'NoPods', 'No matching pods found')
    const expected = this.#computeExpected(budget, pods)
    const nowMs = this.#context.clock.now()
    if (expected instanceof UnknownScaleError)
      return await this.#write(budget, computeFailedStatus(budget, expected.message, nowMs))
    const { status, checkInMs, notDeleted } = computeBudgetStatus(budget, pods, expected, nowMs)
    for (const pod of notDeleted) {
      const message = `Pod was expected by PDB ${namespace}/${name} to be deleted but it wasn't`
      this.#tell(pod as LivePod, 'Warning', 'NotDeleted', message)
    }
    await this.#write(budget, status)
    // A millisecond later it has passed.
    if (checkInMs !== undefined) this.#queue.addAfter(key, checkInMs + 1)
  }

  #computeExpected(budget: PodDisruptionBudget, pods: readonly LivePod[]): ExpectedPods | UnknownScaleError {
    const { namespace = '' } = budget.metadata
    try {
      const expected = computeExpectedPods(budget, pods, scaleFinder(namespace, this.#sets, this.#deployments))
      if (expected.hasUnmanaged) this.#tell(budget, 'Warning', 'UnmanagedPods', unmanagedMessage(budget))
      return expected
    } catch (error) {
      if (!(error instanceof UnknownScaleError)) throw error
      const message = `Failed to calculate the number of expected pods: ${error.message}`
      this.#tell(budget, 'Warning', 'CalculateExpectedPodCountFailed', message)
      return error
    }
  }

  /** Only over the state that was looked at: an eviction may have spent from it meanwhile. */
  async #write(budget: PodDisruptionBudget, status: PodDisruptionBudgetStatus): Promise<void> {
    if (isSameStatus(budget.status, status)) return
    await this.#context.client.update(POD_DISRUPTION_BUDGETS, { ...budget, status }, 'status')
  }

  #tell(about: ApiObject, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#events.record(referenceTo(about), type, reason, message)
  }
}

function isRescaled<Kind extends Deployment | ReplicaSet>(
  look: (object: Kind) => void,
): (object: Kind, before: Kind) => void {
  return (object, before) => {
    const isSame =
      object.spec.replicas === before.spec.replicas && controllerOf(object)?.uid === controllerOf(before)?.uid
    if (!isSame) look(object)
  }
}

/** A budget without a selector speaks of no pod, one with an empty selector of all. */
function concerns({ metadata, spec }: PodDisruptionBudget, pod: Pod): boolean {
  if (metadata.namespace !== pod.metadata.namespace || spec?.selector === undefined) return false
  return matchesLabels(labelRequirements(spec.selector), pod.metadata.labels)
}

function unmanagedMessage({ spec }: PodDisruptionBudget): string {
  const selector = formatLabelSelector(spec?.selector ?? {})
  return (
    `Pods selected by this PodDisruptionBudget (selector: ${selector}) were found to be unmanaged. ` +
    'As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. ' +
    'To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.'
  )
}
