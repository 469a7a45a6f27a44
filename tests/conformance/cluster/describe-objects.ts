/** Objects of the API as the lines that recorded and observed cases are compared by. Pure. */
import type { Pod } from '../../../src-main/common/api/core.ts'
import type { DaemonSet } from '../../../src-main/common/api/daemon-set.ts'
import type { Node } from '../../../src-main/common/api/node.ts'

/** Where a pod is, or where its DaemonSet means it to be (facts 6.3.3). */
export function nodeOf({ spec }: Pod): string | undefined {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  return spec.nodeName ?? terms.flatMap(({ matchFields = [] }) => matchFields.flatMap(({ values = [] }) => values))[0]
}

/**
 * `waiting R` where a container cannot start; `unscheduled` where the scheduler has said so. What has ended and is being deleted
 * is as good as gone: its controller does not wait until the API server has forgotten it, too.
 */
export function describePod({ metadata, spec, status }: Pod): string {
  const conditionOf = (type: string): string | undefined =>
    status?.conditions?.find((condition) => condition.type === type)?.status
  if (metadata.deletionTimestamp !== undefined)
    return status?.phase === 'Succeeded' || status?.phase === 'Failed' ? 'gone' : 'ending'
  switch (status?.phase) {
    case 'Running':
      return conditionOf('Ready') === 'True' ? 'ready' : 'unready'
    case 'Succeeded':
    case 'Failed':
      return status.phase.toLowerCase()
    default: {
      if (spec.nodeName === undefined) return conditionOf('PodScheduled') === 'False' ? 'unscheduled' : 'pending'
      const reasons = (status?.containerStatuses ?? []).map(({ state }) => state.waiting?.reason)
      const reason = reasons.find((each) => each !== undefined && each !== 'ContainerCreating')
      return reason === undefined ? 'bound' : `waiting ${reason}`
    }
  }
}

/** As the columns of `kubectl get ds`; `unseen`: of an older spec than the present one. */
export function describeDaemonSet({ metadata, status }: DaemonSet): string {
  const { desiredNumberScheduled = 0, currentNumberScheduled = 0, numberReady = 0 } = status ?? {}
  const { updatedNumberScheduled = 0, numberAvailable = 0, numberMisscheduled = 0, observedGeneration } = status ?? {}
  const numbers = [desiredNumberScheduled, currentNumberScheduled, numberReady, updatedNumberScheduled, numberAvailable]
  return [
    numbers.join('/'),
    ...(numberMisscheduled === 0 ? [] : [`misscheduled ${numberMisscheduled}`]),
    ...(observedGeneration === metadata.generation ? [] : ['unseen']),
  ].join(', ')
}

/** Its readiness, and its taints without what most of them begin with. */
export function describeNode({ spec, status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')
  const taints = (spec?.taints ?? []).map(({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`)
  return [
    ready === undefined ? 'no status' : `Ready ${ready.status}`,
    ...(spec?.unschedulable === true ? ['unschedulable'] : []),
    ...taints.toSorted(),
  ].join(', ')
}

/** Kind and name of whoever controls it. */
export function controllerOf({ metadata }: Pod): { kind: string; name: string } | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true)
}
