/** Decides about init containers and sidecars (facts 2.4.3, 2.4.6, 2.4.7). */
import type { Container, Pod } from '../../common/api/core.ts'
import type { ProbeResults } from '../prober/probe-results.ts'
import type { ContainerToKill, PodActions } from './compute-pod-actions.ts'
import { probeGrace } from './probe-grace.ts'
import { effectiveRestartPolicy, isSidecar, shouldRestartAfterExit } from './restart-policy.ts'
import { activeContainer } from './runtime-pod.ts'
import type { RuntimeContainer, RuntimePod } from './runtime-pod.ts'

/** What one init container's state asks for. */
interface InitStep {
  /** It has done its part: the next one may start. */
  done: boolean
  start: boolean
  kill?: ContainerToKill
  /** It failed for good: the pod is over. */
  fatal?: boolean
}

/**
 * Adds what init containers need to `actions` and tells whether the pod is initialized. Records of earlier init
 * containers may be gone: the last one of which there is a trace counts. Only the present sandbox counts, so a new
 * one runs them all again.
 */
export function computeInitContainerActions(
  pod: Pod,
  runtimePod: RuntimePod,
  probes: ProbeResults,
  actions: PodActions,
): boolean {
  const containers = pod.spec.initContainers ?? []
  if (containers.length === 0) return true
  const hasAppContainer = pod.spec.containers.some(
    (container) => activeContainer(runtimePod, container.name) !== undefined,
  )
  const frontier = hasAppContainer
    ? containers.length
    : containers.findLastIndex((container) => activeContainer(runtimePod, container.name) !== undefined)
  keepSidecars(pod, runtimePod, probes, actions, frontier)
  if (hasAppContainer) return true
  if (frontier === -1) {
    actions.initContainersToStart.push(0)
    return false
  }
  const current = containers[frontier]
  const instance = current === undefined ? undefined : activeContainer(runtimePod, current.name)
  if (current === undefined || instance === undefined) return false
  const step = computeStep(pod, current, instance, probes)
  if (step.fatal === true) {
    actions.killPod = true
    actions.initContainersToStart = []
    return false
  }
  if (step.kill !== undefined) actions.containersToKill.push(step.kill)
  if (step.start) actions.initContainersToStart.push(frontier)
  if (!step.done) return false
  if (frontier === containers.length - 1) return true
  actions.initContainersToStart.push(frontier + 1)
  return false
}

/** Sidecars before the frontier have been started once and have to stay alive whatever happens to the others. */
function keepSidecars(
  pod: Pod,
  runtimePod: RuntimePod,
  probes: ProbeResults,
  actions: PodActions,
  frontier: number,
): void {
  for (const [index, container] of (pod.spec.initContainers ?? []).entries()) {
    if (index >= frontier || !isSidecar(container)) continue
    const instance = activeContainer(runtimePod, container.name)
    if (instance === undefined) {
      actions.initContainersToStart.push(index)
      continue
    }
    const step = computeStep(pod, container, instance, probes)
    if (step.kill !== undefined) actions.containersToKill.push(step.kill)
    if (step.start) actions.initContainersToStart.push(index)
  }
}

function computeStep(pod: Pod, container: Container, instance: RuntimeContainer, probes: ProbeResults): InitStep {
  switch (instance.state) {
    case 'CONTAINER_CREATED':
      return { done: false, start: true }
    case 'CONTAINER_RUNNING':
      return isSidecar(container) ? computeRunningSidecar(container, instance, probes) : { done: false, start: false }
    case 'CONTAINER_UNKNOWN':
      return {
        done: false,
        start: effectiveRestartPolicy(pod, container) !== 'Never',
        kill: {
          id: instance.id,
          container,
          reason: 'UnknownState',
          message: 'Init container is in "unknown" state, try killing it before restart',
        },
      }
    case 'CONTAINER_EXITED':
      if (isSidecar(container)) return { done: false, start: true }
      if (instance.exitCode === 0) return { done: true, start: false }
      return shouldRestartAfterExit(pod, container, instance.exitCode)
        ? { done: false, start: true }
        : { done: false, start: false, fatal: true }
  }
}

function computeRunningSidecar(container: Container, instance: RuntimeContainer, probes: ProbeResults): InitStep {
  const failed = (reason: 'LivenessProbe' | 'StartupProbe', probe: string): InitStep => ({
    done: false,
    start: true,
    kill: {
      id: instance.id,
      container,
      reason,
      message: `Init container ${container.name} failed ${probe} probe, will be restarted`,
      ...probeGrace(reason === 'LivenessProbe' ? container.livenessProbe : container.startupProbe),
    },
  })
  if (probes.startup(instance.id) === 'Failure') return failed('StartupProbe', 'startup')
  if (probes.liveness(instance.id) === 'Failure') return failed('LivenessProbe', 'liveness')
  const waits = probes.startup(instance.id) === 'Unknown'
  return { done: !waits, start: false }
}
