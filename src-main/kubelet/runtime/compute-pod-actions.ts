/**
 * Decides what has to be done so that the runtime has what a pod's spec asks for (facts 2.1.4 to 2.1.6, 2.4). Pure:
 * `syncPod` carries the answer out. Follows upstream's `computePodActions`.
 */
import type { Container, Pod, Probe } from '../../common/api/core.ts'
import type { ProbeResults } from '../prober/probe-results.ts'
import { containerHash } from './container-hash.ts'
import { computeInitContainerActions } from './compute-init-container-actions.ts'
import { probeGrace } from './probe-grace.ts'
import { effectiveRestartPolicy, podRestartPolicy, shouldContainerBeRestarted } from './restart-policy.ts'
import { activeContainer, newestContainer } from './runtime-pod.ts'
import type { RuntimeContainer, RuntimePod } from './runtime-pod.ts'

export type KillReason = 'DefinitionChanged' | 'LivenessProbe' | 'StartupProbe' | 'UnknownState'

export interface ContainerToKill {
  id: string
  container: Container
  reason: KillReason
  /** Text of the `Killing` event (facts 2.11.4). */
  message: string
  /** The failed probe's own (facts 2.11.1); absent: the pod's. */
  graceSeconds?: number
}

export interface PodActions {
  /** Everything of the pod has to be stopped, its sandboxes included. */
  killPod: boolean
  createSandbox: boolean
  /** Of the sandbox that is kept. */
  sandboxId: string | undefined
  /** Attempt number of the sandbox to create. */
  attempt: number
  /** Indices into `spec.initContainers`, in the order of their start. */
  initContainersToStart: number[]
  /** Indices into `spec.containers`. */
  containersToStart: number[]
  containersToKill: ContainerToKill[]
}

export function computePodActions(pod: Pod, runtimePod: RuntimePod, probes: ProbeResults): PodActions {
  const sandbox = computeSandboxNeed(pod, runtimePod)
  const actions: PodActions = {
    killPod: sandbox.changed,
    createSandbox: sandbox.changed,
    sandboxId: sandbox.id,
    attempt: sandbox.attempt,
    initContainersToStart: [],
    containersToStart: [],
    containersToKill: [],
  }
  if (sandbox.changed) {
    startAnew(pod, runtimePod, actions)
    return actions
  }
  const initialized = computeInitContainerActions(pod, runtimePod, probes, actions)
  if (actions.killPod || !initialized) return actions
  const kept = computeContainerActions(pod, runtimePod, probes, actions)
  if (kept === 0 && actions.containersToStart.length === 0) {
    actions.killPod = true
    actions.initContainersToStart = []
  }
  return actions
}

interface SandboxNeed {
  changed: boolean
  id: string | undefined
  attempt: number
}

/** Facts 2.1.5. */
function computeSandboxNeed(pod: Pod, runtimePod: RuntimePod): SandboxNeed {
  const newest = runtimePod.sandboxes[0]
  if (newest === undefined) return { changed: true, id: undefined, attempt: 0 }
  const next = { changed: true, id: newest.id, attempt: newest.metadata.attempt + 1 }
  const ready = runtimePod.sandboxes.filter((sandbox) => sandbox.state === 'SANDBOX_READY')
  if (ready.length > 1 || newest.state !== 'SANDBOX_READY') return next
  const inNodeNetwork = pod.spec.hostNetwork === true
  if ((newest.networkMode === 'NODE') !== inNodeNetwork) return { ...next, id: undefined }
  if (!inNodeNetwork && newest.ip === '') return next
  return { changed: false, id: newest.id, attempt: newest.metadata.attempt }
}

/** With a new sandbox everything starts again, unless the pod has done its work (facts 2.1.6). */
function startAnew(pod: Pod, runtimePod: RuntimePod, actions: PodActions): void {
  const policy = podRestartPolicy(pod)
  if (policy === 'Never' && actions.attempt !== 0 && runtimePod.containers.length > 0) {
    actions.createSandbox = false
    return
  }
  const toStart = pod.spec.containers.flatMap((container, index) => {
    const instance = newestContainer(runtimePod, container.name)
    const succeeded = instance?.state === 'CONTAINER_EXITED' && instance.exitCode === 0
    return policy === 'OnFailure' && succeeded ? [] : [index]
  })
  if (toStart.length === 0) {
    actions.createSandbox = false
    return
  }
  if ((pod.spec.initContainers ?? []).length > 0) actions.initContainersToStart = [0]
  else actions.containersToStart = toStart
}

/** Returns how many containers may go on as they are. */
function computeContainerActions(pod: Pod, runtimePod: RuntimePod, probes: ProbeResults, actions: PodActions): number {
  let kept = 0
  for (const [index, container] of pod.spec.containers.entries()) {
    const running = activeContainer(runtimePod, container.name)
    if (running?.state !== 'CONTAINER_RUNNING') {
      const instance = newestContainer(runtimePod, container.name)
      if (!shouldContainerBeRestarted(pod, container, instance)) continue
      actions.containersToStart.push(index)
      if (instance?.state === 'CONTAINER_UNKNOWN') actions.containersToKill.push(unknownStateKill(instance, container))
      continue
    }
    const kill = computeKill(pod, container, running, probes)
    if (kill === undefined) {
      kept++
      continue
    }
    if (kill.restart) actions.containersToStart.push(index)
    actions.containersToKill.push(kill.action)
  }
  return kept
}

export function unknownStateKill(instance: RuntimeContainer, container: Container): ContainerToKill {
  return {
    id: instance.id,
    container,
    reason: 'UnknownState',
    message: 'Container is in "unknown" state, try killing it before restart',
  }
}

/** Why a running container has to end, if it has to. Only a changed definition restarts against the policy. */
function computeKill(
  pod: Pod,
  container: Container,
  running: RuntimeContainer,
  probes: ProbeResults,
): { action: ContainerToKill; restart: boolean } | undefined {
  const mayRestart = effectiveRestartPolicy(pod, container) !== 'Never'
  const kill = (reason: KillReason, text: string, restart: boolean, probe?: Probe) => ({
    action: {
      id: running.id,
      container,
      reason,
      message: restart ? `${text}, will be restarted` : text,
      ...probeGrace(probe),
    },
    restart,
  })
  if (running.hash !== '' && running.hash !== containerHash(container))
    return kill('DefinitionChanged', `Container ${container.name} definition changed`, true)
  if (probes.liveness(running.id) === 'Failure')
    return kill(
      'LivenessProbe',
      `Container ${container.name} failed liveness probe`,
      mayRestart,
      container.livenessProbe,
    )
  if (probes.startup(running.id) === 'Failure')
    return kill('StartupProbe', `Container ${container.name} failed startup probe`, mayRestart, container.startupProbe)
  return undefined
}
