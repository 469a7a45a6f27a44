/** A pod's whole status from what the runtime has (facts 2.6, 2.7). Pure. */
import type { Pod } from '../../common/api/core.ts'
import type { ContainerStatus, PodCondition, PodStatus } from '../../common/api/pod-status.ts'
import type { ProbeResults } from '../prober/probe-results.ts'
import { activeSandbox, isAlive, nanosecondsToMs } from '../runtime/runtime-pod.ts'
import type { RuntimePod } from '../runtime/runtime-pod.ts'
import { computeConditions } from './conditions.ts'
import { apiTimeOfMs, computeContainerStatuses } from './container-statuses.ts'
import type { WaitingReason } from './container-statuses.ts'
import { computePhase } from './phase.ts'
import { computeQOSClass } from '../../common/api/qos-class.ts'

/**
 * The kubelet's own verdict that a pod is over, whatever its containers do (facts 2.3.4). A `rejected` one was never let
 * in, so there is nothing else to tell of it (facts 1.5.14).
 */
export interface PodFailure {
  kind: 'overdue' | 'preempted' | 'rejected'
  reason: string
  message: string
}

export interface PodStatusInput {
  pod: Pod
  runtimePod: RuntimePod
  probes: ProbeResults
  waitingReason: (containerName: string) => WaitingReason | undefined
  failure: PodFailure | undefined
  /** It was deleted, and nothing of it will ever run again. */
  hasEnded: boolean
  /** Why there is no sandbox, when the last attempt to make one failed. */
  sandboxProblem: string | undefined
  previous: PodStatus | undefined
  nodeIP: string
  runtimeName: string
  nowMs: number
}

const DISRUPTION_TARGET: PodCondition = {
  type: 'DisruptionTarget',
  status: 'True',
  lastProbeTime: null,
  reason: 'TerminationByKubelet',
  message: 'Pod was preempted by Kubelet to accommodate a critical pod.',
}

export function computePodStatus(input: PodStatusInput): PodStatus {
  const { pod, runtimePod, previous, failure } = input
  if (failure?.kind === 'rejected') return rejectedStatus(input, failure)
  const old = (name: string): ContainerStatus | undefined =>
    [...(previous?.initContainerStatuses ?? []), ...(previous?.containerStatuses ?? [])].find(
      (status) => status.name === name,
    )
  const { containerStatuses, initContainerStatuses } = computeContainerStatuses({
    pod,
    runtimePod,
    probes: input.probes,
    waitingReason: input.waitingReason,
    sandboxProblem: input.sandboxProblem,
    previous: old,
    runtimeName: input.runtimeName,
  })
  const observed = computePhase(pod, [...initContainerStatuses, ...containerStatuses])
  const phase = decidePhase(input, input.hasEnded ? computeFinalPhase(containerStatuses) : observed)
  const podIPs = addresses(input)
  const generation = observedGeneration(pod)
  const computed = computeConditions({
    pod,
    phase,
    containerStatuses,
    initContainerStatuses,
    sandboxReady: activeSandbox(runtimePod) !== undefined && podIPs.length > 0,
  })
  const conditions = failure?.kind === 'preempted' ? [...computed, DISRUPTION_TARGET] : computed
  const status: PodStatus = {
    ...generation,
    phase,
    conditions: conditions.map((condition) => ({ ...condition, ...generation })),
    ...(failure === undefined ? {} : { reason: failure.reason, message: failure.message }),
    startTime: previous?.startTime ?? startTime(input),
    containerStatuses,
    qosClass: computeQOSClass(pod),
  }
  if (initContainerStatuses.length > 0) status.initContainerStatuses = initContainerStatuses
  if (input.nodeIP !== '') Object.assign(status, { hostIP: input.nodeIP, hostIPs: [{ ip: input.nodeIP }] })
  const [podIP] = podIPs
  if (podIP !== undefined) Object.assign(status, { podIP, podIPs: podIPs.map((ip) => ({ ip })) })
  return status
}

function rejectedStatus({ pod, previous, nowMs }: PodStatusInput, { reason, message }: PodFailure): PodStatus {
  const startTime = previous?.startTime ?? apiTimeOfMs(nowMs)
  return { ...observedGeneration(pod), phase: 'Failed', reason, message, startTime, qosClass: computeQOSClass(pod) }
}

/** Without a kube-apiserver a pod has the generation that its manifest writes, which is none as a rule (facts 2.7.3). */
function observedGeneration({ metadata: { generation = 0 } }: Pod): { observedGeneration?: number } {
  return generation === 0 ? {} : { observedGeneration: generation }
}

/** A final phase is shown once nothing can run any more, and is never left (facts 2.6.4). */
function decidePhase(input: PodStatusInput, observed: PodStatus['phase'] & string): PodStatus['phase'] & string {
  const before = input.previous?.phase
  if (before === 'Succeeded' || before === 'Failed') return before
  if (input.failure === undefined) return observed
  return isAlive(input.runtimePod) ? (before ?? 'Pending') : 'Failed'
}

/** Of a pod whose containers are not started again, whatever its restart policy says (K/kubelet_pods.go getPhase). */
function computeFinalPhase(statuses: ContainerStatus[]): 'Succeeded' | 'Failed' {
  return statuses.every(({ state }) => state.terminated?.exitCode === 0) ? 'Succeeded' : 'Failed'
}

/** The addresses of the sandbox; those of an ended sandbox are kept, as upstream keeps them. */
function addresses({ pod, runtimePod, previous, nodeIP }: PodStatusInput): string[] {
  const sandbox = activeSandbox(runtimePod)
  if (pod.spec.hostNetwork === true) return sandbox === undefined || nodeIP === '' ? [] : [nodeIP]
  if (sandbox === undefined) return (previous?.podIPs ?? []).map(({ ip }) => ip)
  return [sandbox.ip, ...sandbox.additionalIps].filter((ip) => ip !== '')
}

/** When this kubelet or an earlier one first ran it: the oldest sandbox that is left, else now. */
function startTime({ runtimePod, nowMs }: PodStatusInput): string {
  const oldest = runtimePod.sandboxes.at(-1)
  return apiTimeOfMs(oldest === undefined ? nowMs : Math.min(nowMs, nanosecondsToMs(oldest.createdAt)))
}
