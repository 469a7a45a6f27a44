/** How pods are written (upstream: pkg/registry/core/pod/strategy.go). */
import type { ServedPod } from '../../../../common/api/core.ts'
import type { ContainerStatus } from '../../../../common/api/pod-status.ts'
import { computeQOSClass } from '../../../../common/api/qos-class.ts'
import { setPodDefaults } from '../../../../common/defaults/pod-defaults.ts'
import { validateNewPod } from '../../../../common/validation/validate-pod.ts'
import type { StatusStrategy, Strategy } from '../../resource-definition.ts'
import { countGeneration, keep, statusStrategyOf, strategyOf } from '../../strategies.ts'
import { validatePodForAPI } from './validate-pod-for-api.ts'
import { validatePodStatusUpdate } from './validate-pod-status-update.ts'
import { validatePodUpdate } from './validate-pod-update.ts'

export const POD_STRATEGY: Strategy<ServedPod> = strategyOf<ServedPod>({
  setDefaults(pod) {
    setPodDefaults(pod)
    setStatusDefaults(pod)
  },
  prepareForCreate(pod) {
    pod.metadata.generation = 1
    pod.status = { phase: 'Pending', qosClass: computeQOSClass(pod) }
    if ((pod.spec.schedulingGates ?? []).length > 0) {
      pod.status.conditions = [
        {
          type: 'PodScheduled',
          status: 'False',
          lastProbeTime: null,
          lastTransitionTime: null,
          reason: 'SchedulingGated',
          message: 'Scheduling is blocked due to non-empty scheduling gates',
        },
      ]
    }
  },
  validate: (pod) => [...validateNewPod(pod), ...validatePodForAPI(pod)],
  prepareForUpdate(pod, old) {
    keep(pod, old, 'status')
    countGeneration(pod, old)
  },
  validateUpdate: validatePodUpdate,
  // Unscheduled and finished pods have nothing that must end first (facts 8.5.7).
  graceSeconds({ spec, status }, asked) {
    if ((spec.nodeName ?? '') === '' || status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0
    const seconds = asked ?? spec.terminationGracePeriodSeconds ?? 30
    return seconds < 0 ? 1 : seconds
  },
})

export const POD_STATUS_STRATEGY: StatusStrategy<ServedPod> = statusStrategyOf<ServedPod>({
  prepareForUpdate(pod, old) {
    keep(pod, old, 'spec')
    // Old kubelets would send them back damaged.
    keep(pod.metadata, old.metadata, 'ownerReferences')
    const qosClass = pod.status?.qosClass ?? old.status?.qosClass
    pod.status ??= {}
    if (qosClass !== undefined) pod.status.qosClass = qosClass
  },
  validateUpdate: validatePodStatusUpdate,
})

/** What the API always writes of a status, since it is no pointer in upstream's types. */
function setStatusDefaults(pod: ServedPod): void {
  const status = (pod.status ??= {})
  for (const condition of status.conditions ?? []) {
    condition.lastProbeTime ??= null
    condition.lastTransitionTime ??= null
  }
  for (const container of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) {
    setContainerStatusDefaults(container)
  }
}

function setContainerStatusDefaults(status: Partial<ContainerStatus>): void {
  status.state ??= {}
  status.lastState ??= {}
}
