/** A pod's conditions (facts 2.7). Pure. */
import type { Pod } from '../../common/api/core.ts'
import type { ContainerStatus, PodCondition, PodPhase } from '../../common/api/pod-status.ts'
import { isSidecar } from '../runtime/restart-policy.ts'

export interface ConditionInput {
  pod: Pod
  phase: PodPhase
  containerStatuses: ContainerStatus[]
  initContainerStatuses: ContainerStatus[]
  /** The sandbox exists and has its address. */
  sandboxReady: boolean
}

type Verdict = Pick<PodCondition, 'status' | 'reason' | 'message'>

/** In the order of a status; without transition times, which the status manager keeps. */
export function computeConditions(input: ConditionInput): PodCondition[] {
  const containersReady = computeContainersReady(input)
  return [
    condition('PodReadyToStartContainers', { status: input.sandboxReady ? 'True' : 'False' }),
    condition('Initialized', computeInitialized(input)),
    condition('Ready', computeReady(input, containersReady)),
    condition('ContainersReady', containersReady),
    condition('PodScheduled', { status: 'True' }),
  ]
}

function condition(type: PodCondition['type'], verdict: Verdict): PodCondition {
  return { type, lastProbeTime: null, ...verdict }
}

function computeContainersReady({ pod, phase, containerStatuses, initContainerStatuses }: ConditionInput): Verdict {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' }
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' }
  const unknown: string[] = []
  const unready: string[] = []
  const sidecars = (pod.spec.initContainers ?? []).filter(isSidecar)
  for (const container of [...sidecars, ...pod.spec.containers]) {
    const status = [...initContainerStatuses, ...containerStatuses].find((other) => other.name === container.name)
    if (status === undefined) unknown.push(container.name)
    else if (!status.ready) unready.push(container.name)
  }
  const messages: string[] = []
  if (unknown.length > 0) messages.push(`containers with unknown status: [${unknown.join(' ')}]`)
  if (unready.length > 0) messages.push(`containers with unready status: [${unready.join(' ')}]`)
  if (messages.length === 0) return { status: 'True' }
  return { status: 'False', reason: 'ContainersNotReady', message: messages.join(', ') }
}

/** Readiness gates are conditions that others set through an API server; without one they stay unmet. */
function computeReady({ pod }: ConditionInput, containersReady: Verdict): Verdict {
  if (containersReady.status !== 'True') return containersReady
  const messages = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const name = JSON.stringify(conditionType)
    const gate = pod.status?.conditions?.find(({ type }) => type === conditionType)
    if (gate === undefined) return [`corresponding condition of pod readiness gate ${name} does not exist.`]
    return gate.status === 'True' ? [] : [`the status of pod readiness gate ${name} is not "True", but ${gate.status}`]
  })
  if (messages.length === 0) return { status: 'True' }
  return { status: 'False', reason: 'ReadinessGatesNotReady', message: messages.join(', ') }
}

function computeInitialized({ pod, phase, containerStatuses, initContainerStatuses }: ConditionInput): Verdict {
  const containers = pod.spec.initContainers ?? []
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' }
  if (containers.length === 0) return { status: 'True' }
  const appStarted = containerStatuses.some(
    (status) => status.state.running !== undefined || status.state.terminated !== undefined || status.restartCount > 0,
  )
  const incomplete = containers.filter((container) => {
    const status = initContainerStatuses.find((other) => other.name === container.name)
    return isSidecar(container) ? status?.started !== true && !appStarted : status?.ready !== true
  })
  if (incomplete.length === 0 || appStarted) return { status: 'True' }
  return {
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${incomplete.map((container) => container.name).join(' ')}]`,
  }
}
