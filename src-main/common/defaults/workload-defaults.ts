/** The API's defaulting of workloads, in place (upstream: pkg/apis/apps/v1/defaults.go). */
import type { DaemonSet } from '../api/daemon-set.ts'
import type { Deployment } from '../api/deployment.ts'
import type { PodTemplateSpec } from '../api/pod-template.ts'
import type { ReplicaSet } from '../api/replica-set.ts'
import { setPodTemplateDefaults } from './pod-defaults.ts'

const REVISION_HISTORY_LIMIT = 10
const PROGRESS_DEADLINE_SECONDS = 600

export function setDaemonSetDefaults(set: DaemonSet): void {
  const { spec } = set
  setTemplateDefaults(spec.template)
  const strategy = (spec.updateStrategy ??= {})
  strategy.type ??= 'RollingUpdate'
  if (strategy.type === 'RollingUpdate') {
    const rolling = (strategy.rollingUpdate ??= {})
    rolling.maxUnavailable ??= 1
    rolling.maxSurge ??= 0
  }
  spec.revisionHistoryLimit ??= REVISION_HISTORY_LIMIT
  set.status ??= { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 }
}

export function setReplicaSetDefaults(set: ReplicaSet): void {
  setTemplateDefaults(set.spec.template)
  set.spec.replicas ??= 1
  set.status ??= { replicas: 0 }
}

export function setDeploymentDefaults(deployment: Deployment): void {
  const { spec } = deployment
  setTemplateDefaults(spec.template)
  spec.replicas ??= 1
  const strategy = (spec.strategy ??= {})
  strategy.type ??= 'RollingUpdate'
  if (strategy.type === 'RollingUpdate') {
    const rolling = (strategy.rollingUpdate ??= {})
    rolling.maxUnavailable ??= '25%'
    rolling.maxSurge ??= '25%'
  }
  spec.revisionHistoryLimit ??= REVISION_HISTORY_LIMIT
  spec.progressDeadlineSeconds ??= PROGRESS_DEADLINE_SECONDS
  deployment.status ??= {}
}

/** A body may leave the pod out altogether; validation says so. */
function setTemplateDefaults(template: Partial<PodTemplateSpec>): void {
  template.metadata ??= {}
  const spec = (template.spec ??= { containers: [] })
  setPodTemplateDefaults(spec)
}
