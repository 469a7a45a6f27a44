/** What a ReplicaSet says of its pods (pkg/controller/replicaset/replica_set_utils.go calculateStatus). Pure. */
import { conditionOf, withCondition, withoutCondition, type Condition } from '../../common/api/condition.ts'
import type { Pod } from '../../common/api/core.ts'
import { labelRequirements } from '../../common/api/label-selector-object.ts'
import { matchesLabels } from '../../common/api/label-selector.ts'
import { isPodReady } from '../../common/api/pod-helpers.ts'
import type { ReplicaSet, ReplicaSetStatus } from '../../common/api/replica-set.ts'
import { formatTime } from '../../common/api/time.ts'
import { isPodAvailable } from '../control/pod-availability.ts'

export interface ReplicaSetPods {
  active: readonly Pod[]
  terminating: readonly Pod[]
}

/** @param failure why pods could not be made or deleted, just now */
export function computeReplicaSetStatus(
  set: ReplicaSet,
  { active, terminating }: ReplicaSetPods,
  failure: Error | undefined,
  nowMs: number,
): ReplicaSetStatus {
  const { spec, metadata } = set
  const template = labelRequirements({ matchLabels: spec.template.metadata?.labels ?? {} })
  const conditions = computeConditions(set, active.length, failure, nowMs)
  const count = (isCounted: (pod: Pod) => boolean): number => active.filter(isCounted).length
  return {
    replicas: active.length,
    fullyLabeledReplicas: count((pod) => matchesLabels(template, pod.metadata.labels)),
    readyReplicas: count(isPodReady),
    availableReplicas: count((pod) => isPodAvailable(pod, spec.minReadySeconds ?? 0, nowMs)),
    terminatingReplicas: terminating.length,
    observedGeneration: metadata.generation ?? 0,
    ...(conditions.length === 0 ? {} : { conditions }),
  }
}

/** A first failure stays, in its words, until pods are made or deleted without one. */
function computeConditions(
  { spec, status }: ReplicaSet,
  pods: number,
  failure: Error | undefined,
  nowMs: number,
): Condition[] {
  const { conditions = [] } = status ?? {}
  if (failure === undefined) return withoutCondition(conditions, 'ReplicaFailure')
  if (conditionOf(conditions, 'ReplicaFailure') !== undefined) return conditions
  return withCondition(conditions, {
    type: 'ReplicaFailure',
    status: 'True',
    lastTransitionTime: formatTime(nowMs),
    reason: pods < (spec.replicas ?? 0) ? 'FailedCreate' : 'FailedDelete',
    message: failure.message,
  })
}
