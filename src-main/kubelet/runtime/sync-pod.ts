/** Carries out what `computePodActions` decided, in upstream's order (facts 2.1.4). */
import type { Container, Pod } from '../../common/api/core.ts'
import type { TimelineCause } from '../../common/lab/timeline-entry.ts'
import type { PodSandboxStatus } from '../../container-runtime/cri.ts'
import { dnsConfigOmissions } from '../dns/dns-config.ts'
import type { ImageLook } from '../images/image-manager.ts'
import { podReference } from '../pod-identity.ts'
import type { ProbeResults } from '../prober/probe-results.ts'
import { aboutContainer, aboutPod } from '../timeline/timeline.ts'
import { computePodActions } from './compute-pod-actions.ts'
import type { PodActions } from './compute-pod-actions.ts'
import { ContainerStartError } from './container-start-error.ts'
import { isRuntimeUnavailable, rpcDescription } from './describe-error.ts'
import { killContainer } from './kill-container.ts'
import { killPod } from './kill-pod.ts'
import type { MadeParts } from './observe-pod.ts'
import type { RuntimeContext } from './runtime-context.ts'
import { activeSandbox, newestContainer, newestExitedContainer } from './runtime-pod.ts'
import type { RuntimeContainer, RuntimePod } from './runtime-pod.ts'
import { sandboxConfig } from './sandbox-config.ts'
import { startContainer } from './start-container.ts'

/** What became of one container in this sync: it was started, or not. */
export type ContainerStartResult =
  | { container: string; containerId: string; error?: undefined }
  | { container: string; error: ContainerStartError }

export interface SyncPodResult {
  /** Whether anything was asked of the runtime: the state has to be looked at again. */
  acted: boolean
  starts: ContainerStartResult[]
  /** All that is different now, when nothing but starts was asked for and all of them succeeded. */
  made?: MadeParts
  /** The sandbox could not be made, or something could not be stopped. */
  podError?: string
  /** Of these the first. */
  sandboxProblem?: string
}

export interface SyncPodInput {
  pod: Pod
  runtimePod: RuntimePod
  probes: ProbeResults
  volumePaths: ReadonlyMap<string, string>
  /** What set this sync off, for the timeline. */
  cause: TimelineCause | undefined
  signal: AbortSignal
}

/** @throws CriError `Unavailable` when the runtime service is lost; the signal's reason when the pod has to end */
export async function syncPod(context: RuntimeContext, input: SyncPodInput): Promise<SyncPodResult> {
  const { pod, runtimePod, signal } = input
  const actions = computePodActions(pod, runtimePod, input.probes)
  const result: SyncPodResult = { acted: actions.killPod || actions.containersToKill.length > 0, starts: [] }
  const stopped = await stopUnwanted(context, input, actions)
  if (stopped !== undefined) return { ...result, podError: stopped }
  if (actions.killPod && !actions.createSandbox) return result
  signal.throwIfAborted()
  const looks = lookForImages(context, input, actions)
  const sandbox = await ensureSandbox(context, input, actions)
  if ('podError' in sandbox)
    return { ...result, acted: true, podError: sandbox.podError, sandboxProblem: sandbox.podError }
  const start = async (container: Container): Promise<boolean> => {
    signal.throwIfAborted()
    const outcome = await startUnlessBackingOff(context, input, sandbox, container, looks.get(container.name))
    result.starts.push(outcome)
    // In back-off nothing was asked of the runtime.
    if (outcome.error?.reason !== 'CrashLoopBackOff') result.acted = true
    return outcome.error === undefined
  }
  const initContainers = pod.spec.initContainers ?? []
  for (const index of actions.initContainersToStart) {
    const container = initContainers[index]
    if (container !== undefined && !(await start(container))) return result
  }
  for (const index of actions.containersToStart) {
    const container = pod.spec.containers[index]
    if (container !== undefined) await start(container)
  }
  const containerIds = result.starts.flatMap((one) => (one.error === undefined ? [one.containerId] : []))
  const hasKilled = actions.killPod ? runtimePod.sandboxes.length > 0 : actions.containersToKill.length > 0
  return !hasKilled && containerIds.length === result.starts.length
    ? { ...result, made: { sandbox: sandbox.status, containerIds } }
    : result
}

/** A new sandbox takes longest of all: the images of what starts in it are looked for meanwhile. */
function lookForImages(context: RuntimeContext, { pod }: SyncPodInput, actions: PodActions): Map<string, ImageLook> {
  if (!actions.createSandbox) return new Map()
  const starting = [
    ...actions.initContainersToStart.map((index) => pod.spec.initContainers?.[index]),
    ...actions.containersToStart.map((index) => pod.spec.containers[index]),
  ].filter((container) => container !== undefined)
  return new Map(starting.map((container) => [container.name, context.images.lookAhead(container)]))
}

/** Answers what went wrong. */
async function stopUnwanted(
  context: RuntimeContext,
  input: SyncPodInput,
  actions: PodActions,
): Promise<string | undefined> {
  const { pod, runtimePod } = input
  try {
    if (actions.killPod) {
      if (actions.createSandbox && runtimePod.sandboxes.length > 0) recordSandboxChanged(context, pod)
      await killPod(context, { pod, runtimePod })
      return undefined
    }
    for (const kill of actions.containersToKill) {
      const container = runtimePod.containers.find((candidate) => candidate.id === kill.id)
      const { graceSeconds, message } = kill
      if (container !== undefined)
        await killContainer(context, { pod, runtimePod }, container, { graceSeconds, message })
    }
    return undefined
  } catch (error) {
    if (isRuntimeUnavailable(error)) throw error
    const message = `error killing pod: ${rpcDescription(error)}`
    context.timeline.record({ ...aboutPod(pod), type: 'Warning', reason: 'FailedKillPod', message })
    return message
  }
}

function recordSandboxChanged(context: RuntimeContext, pod: Pod): void {
  context.timeline.record({
    ...aboutPod(pod),
    subject: 'sandbox',
    type: 'Normal',
    reason: 'SandboxChanged',
    message: 'Pod sandbox changed, it will be killed and re-created.',
  })
}

interface ReadySandbox {
  id: string
  status: PodSandboxStatus
  config: ReturnType<typeof sandboxConfig>
  podIPs: string[]
}

async function ensureSandbox(
  context: RuntimeContext,
  { pod, runtimePod }: SyncPodInput,
  actions: PodActions,
): Promise<ReadySandbox | { podError: string }> {
  const nodeNetwork = pod.spec.hostNetwork === true
  const present = activeSandbox(runtimePod)
  try {
    const config = sandboxConfig(pod, actions.attempt, context.node, context.paths)
    if (!actions.createSandbox && present !== undefined)
      return {
        id: present.id,
        status: present,
        config,
        podIPs: nodeNetwork ? [context.node.nodeIP] : podIPsOf(present),
      }
    for (const message of dnsConfigOmissions(pod, context.node.dns))
      context.timeline.record({ ...aboutPod(pod), type: 'Warning', reason: 'DNSConfigForming', message })
    const { id, status } = await context.sandboxStarts.run(async () => {
      const id = await context.runtime.runPodSandbox(config)
      return { id, status: await context.runtime.podSandboxStatus(id) }
    })
    const podIPs = nodeNetwork ? [context.node.nodeIP] : podIPsOf(status)
    context.timeline.record({
      ...aboutPod(pod),
      subject: 'sandbox',
      type: 'Normal',
      reason: 'SandboxStarted',
      message: 'Pod sandbox started',
      details: { sandboxId: id, attempt: actions.attempt, podIP: podIPs[0] ?? '' },
    })
    return { id, status, config, podIPs }
  } catch (error) {
    if (isRuntimeUnavailable(error)) throw error
    return { podError: recordSandboxFailure(context, pod, rpcDescription(error)) }
  }
}

function recordSandboxFailure(context: RuntimeContext, pod: Pod, err: string): string {
  const message = `Failed to create pod sandbox: ${err}`
  context.logger.error('CreatePodSandbox for pod failed', { pod: podReference(pod).name, err })
  context.timeline.record({
    ...aboutPod(pod),
    subject: 'sandbox',
    type: 'Warning',
    reason: 'FailedCreatePodSandBox',
    message,
  })
  return message
}

function podIPsOf(status: { ip: string; additionalIps: string[] }): string[] {
  return [status.ip, ...status.additionalIps].filter((ip) => ip !== '')
}

async function startUnlessBackingOff(
  context: RuntimeContext,
  input: SyncPodInput,
  sandbox: ReadySandbox,
  container: Container,
  imageLook: ImageLook | undefined,
): Promise<ContainerStartResult> {
  const { pod, runtimePod } = input
  const newest = newestContainer(runtimePod, container.name)
  const lastExited = newestExitedContainer(runtimePod, container.name)
  const wait = context.restartBackoff.beforeRestart(pod, container, lastExited)
  if (wait !== undefined) {
    context.timeline.record({
      ...aboutContainer(pod, container.name),
      type: 'Warning',
      reason: 'BackOff',
      message: wait.eventMessage,
      details: {
        delaySeconds: wait.delayMs / 1000,
        until: new Date(wait.untilMs).toISOString(),
        restartCount: newest?.restartCount ?? 0,
      },
    })
    return {
      container: container.name,
      error: new ContainerStartError('CrashLoopBackOff', wait.message, { retryAtMs: wait.untilMs }),
    }
  }
  try {
    const containerId = await startContainer(context, {
      pod,
      container,
      sandboxId: sandbox.id,
      sandboxConfig: sandbox.config,
      podIPs: sandbox.podIPs,
      volumePaths: input.volumePaths,
      newest,
      cause: startCause(input.cause, newest),
      imageLook,
      signal: input.signal,
    })
    return { container: container.name, containerId }
  } catch (error) {
    if (error instanceof ContainerStartError) return { container: container.name, error }
    throw error
  }
}

/** A container that ended is started because it ended, whatever woke the worker, unless it waited its time out. */
function startCause(cause: TimelineCause | undefined, newest: RuntimeContainer | undefined): TimelineCause | undefined {
  if (newest?.state !== 'CONTAINER_EXITED') return cause
  return cause === 'BackOffExpired' || cause === 'SandboxChanged' ? cause : 'ContainerExited'
}
