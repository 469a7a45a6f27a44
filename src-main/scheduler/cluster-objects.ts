/** Objects beside nodes and pods that decide where pods go: namespaces, services, replica sets, disruption budgets. */
import { toDisposable, type Disposable } from '../base/disposable.ts'
import type { ApiObject } from '../common/api/api-object.ts'
import type { Pod } from '../common/api/core.ts'
import type { LabelSelector } from '../common/api/label-selector.ts'
import { matchesLabels } from '../common/api/label-selector.ts'
import type { PodDisruptionBudget } from '../common/api/pod-disruption-budget.ts'
import type { ReplicaSet } from '../common/api/replica-set.ts'
import type { Service } from '../common/api/service.ts'
import { Informer, type InformerOptions } from '../kube/informer.ts'
import { NAMESPACES, POD_DISRUPTION_BUDGETS, REPLICA_SETS, SERVICES } from '../kube/resources.ts'
import { selectorOf } from './framework/affinity-terms.ts'

const BY_NAMESPACE = 'namespace'

export class ClusterObjects implements Disposable {
  readonly #namespaces: Informer<ApiObject>
  readonly #services: Informer<Service>
  readonly #replicaSets: Informer<ReplicaSet>
  readonly #budgets: Informer<PodDisruptionBudget>

  constructor(shared: Pick<InformerOptions<ApiObject>, 'client' | 'clock' | 'logger' | 'random'>) {
    this.#namespaces = new Informer({ ...shared, resource: NAMESPACES })
    this.#services = new Informer({ ...shared, resource: SERVICES })
    this.#replicaSets = new Informer({ ...shared, resource: REPLICA_SETS, trim: withoutTemplate })
    this.#budgets = new Informer({ ...shared, resource: POD_DISRUPTION_BUDGETS })
    for (const informer of [this.#services, this.#budgets])
      informer.addIndex(BY_NAMESPACE, ({ metadata }) => [metadata.namespace ?? ''])
  }

  /** @param onSynced told whenever one of them has been read as a whole */
  start(onSynced: () => void): Disposable {
    const informers = this.#all()
    const followed = informers.map((informer) => informer.follow({ onSynced }))
    for (const informer of informers) informer.start()
    return toDisposable(() => followed.forEach((each) => void each.dispose()))
  }

  get hasSynced(): boolean {
    return this.#all().every(({ hasSynced }) => hasSynced)
  }

  dispose(): void {
    for (const informer of this.#all()) informer.dispose()
  }

  readonly namespaceLabels = (name: string): Readonly<Record<string, string>> | undefined => {
    const namespace = this.#namespaces.get(undefined, name)
    return namespace === undefined ? undefined : (namespace.metadata.labels ?? {})
  }

  /** Which pods are the same thing as this one: what its services and its replica set select (helper.DefaultSelector). */
  defaultSelector({ metadata: { namespace = '', labels, ownerReferences = [] } }: Pod): LabelSelector | undefined {
    const ofServices = this.#services.byIndex(BY_NAMESPACE, namespace).flatMap(({ spec }) => {
      const selector = selectorOf({ matchLabels: spec?.selector ?? {} })
      return selector.length > 0 && matchesLabels(selector, labels) ? selector : []
    })
    const owner = ownerReferences.find(({ controller }) => controller === true)
    const replicaSet = owner?.kind === 'ReplicaSet' ? this.#replicaSets.get(namespace, owner.name) : undefined
    const selector = [...ofServices, ...selectorOf(replicaSet?.spec.selector ?? {})]
    return selector.length === 0 ? undefined : selector
  }

  disruptionBudgets(namespace: string): PodDisruptionBudget[] {
    return this.#budgets.byIndex(BY_NAMESPACE, namespace)
  }

  #all(): Pick<Informer<ApiObject>, 'follow' | 'start' | 'dispose' | 'hasSynced'>[] {
    return [this.#namespaces, this.#services, this.#replicaSets, this.#budgets]
  }
}

/** Most of a replica set is the template of its pods. */
function withoutTemplate(replicaSet: ReplicaSet): ReplicaSet {
  return { ...replicaSet, spec: { ...replicaSet.spec, template: {} as ReplicaSet['spec']['template'] } }
}
