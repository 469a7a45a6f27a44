/** Stops one container with its grace: preStop, its turn, the stop signal (facts 2.11). */
import {
  CONTAINER_PORTS_ANNOTATION,
  CONTAINER_PRE_STOP_HANDLER_ANNOTATION,
  POD_TERMINATION_GRACE_PERIOD_ANNOTATION,
} from '../../common/api/kubelet-labels.ts'
import type { Container, ContainerPort, LifecycleHandler, Pod } from '../../common/api/core.ts'
import type { PodReference } from '../../common/lab/file-verdict.ts'
import type { TimelineCause } from '../../common/lab/timeline-entry.ts'
import { runHook } from '../lifecycle/run-hook.ts'
import { errorDescription } from './describe-error.ts'
import type { RuntimeContext } from './runtime-context.ts'
import { activeSandbox } from './runtime-pod.ts'
import type { RuntimeContainer, RuntimePod } from './runtime-pod.ts'

const DEFAULT_GRACE_SECONDS = 30
/** What a container has left for its end in any case, unless less was asked for in so many words (facts 2.11.2, 1.5.10). */
const MIN_GRACE_SECONDS = 2

export interface KillOptions {
  /** `undefined`: a pod that no source knows any more. */
  pod: Pod | undefined
  runtimePod: RuntimePod
  /** May only shorten what the pod asks for. */
  graceOverrideSeconds?: number
  cause?: TimelineCause
}

export interface ContainerKill {
  /** Of the failed probe, where it has one of its own; it counts instead of the pod's. */
  graceSeconds?: number | undefined
  /** Of the `Killing` event. */
  message?: string
  /** The stop signal waits for this, as long as there is grace left; the hook does not. */
  turn?: Promise<unknown>
}

/** @throws CriError when the runtime cannot stop it */
export async function killContainer(
  context: RuntimeContext,
  options: KillOptions,
  container: RuntimeContainer,
  kill: ContainerKill = {},
): Promise<void> {
  const { runtimePod } = options
  const graceSeconds = kill.graceSeconds ?? podGraceSeconds(options)
  const about = {
    pod: `${runtimePod.namespace}/${runtimePod.name}`,
    podUID: runtimePod.uid,
    containerName: container.metadata.name,
    containerID: container.id,
    gracePeriod: graceSeconds,
  }
  context.timeline.record({
    ...aboutRuntimeContainer(runtimePod, container),
    type: 'Normal',
    reason: 'Killing',
    message: kill.message ?? `Stopping container ${container.metadata.name}`,
    ...(options.cause === undefined ? {} : { cause: options.cause }),
    details: { containerId: container.id, gracePeriodSeconds: graceSeconds },
  })
  context.logger.info('Killing container with a grace period', about)
  const startMs = context.clock.now()
  const leftSeconds = (): number => graceSeconds - Math.floor((context.clock.now() - startMs) / 1000)
  await runPreStop(context, options, container, graceSeconds)
  if (kill.turn !== undefined) await waitForTurn(context, kill.turn, leftSeconds())
  const leastSeconds = Math.min(MIN_GRACE_SECONDS, options.graceOverrideSeconds ?? MIN_GRACE_SECONDS)
  try {
    await context.runtime.stopContainer(container.id, Math.max(leftSeconds(), leastSeconds))
  } catch (error) {
    context.logger.error('Container termination failed with gracePeriod', { ...about, err: errorDescription(error) })
    throw error
  }
}

/** Facts 2.11.1. */
function podGraceSeconds({ pod, runtimePod, graceOverrideSeconds }: KillOptions): number {
  const stored = runtimePod.containers[0]?.annotations[POD_TERMINATION_GRACE_PERIOD_ANNOTATION]
  const own =
    pod?.metadata.deletionGracePeriodSeconds ??
    pod?.spec.terminationGracePeriodSeconds ??
    (stored === undefined ? DEFAULT_GRACE_SECONDS : Number(stored))
  const wanted = graceOverrideSeconds === undefined ? own : Math.min(graceOverrideSeconds, own)
  return Math.max(1, wanted)
}

async function waitForTurn(context: RuntimeContext, turn: Promise<unknown>, leftSeconds: number): Promise<void> {
  if (leftSeconds <= 0) return
  const { promise: timeOver, resolve } = Promise.withResolvers<void>()
  const timer = context.clock.setTimer(leftSeconds * 1000, resolve)
  await Promise.race([turn, timeOver])
  timer.cancel()
}

/** Its time is part of the grace; one that outlives the grace is abandoned (facts 2.11.2, 2.11.3). */
async function runPreStop(
  context: RuntimeContext,
  options: KillOptions,
  container: RuntimeContainer,
  graceSeconds: number,
): Promise<void> {
  const declared = declaredContainer(options.pod, container)
  const handler = declared.lifecycle?.preStop
  if (handler === undefined) return
  const abort = new AbortController()
  const timer = context.clock.setTimer(graceSeconds * 1000, () => abort.abort(new Error('the grace period is over')))
  const abandoned = new Promise<void>((resolve) => {
    abort.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  try {
    const { runtime, clock, timeline } = context
    const hook = runHook({
      ...{ runtime, clock, timeline, handler },
      pod: runtimePodReference(options.runtimePod),
      container: declared,
      containerId: container.id,
      podIP: activeSandbox(options.runtimePod)?.ip || context.node.nodeIP,
      timeoutSeconds: graceSeconds,
      signal: abort.signal,
    })
    await Promise.race([hook, abandoned])
  } catch (error) {
    const said = errorDescription(error)
    context.logger.error('PreStop hook failed', { containerName: container.metadata.name, err: said })
    context.timeline.record({
      ...aboutRuntimeContainer(options.runtimePod, container),
      type: 'Warning',
      reason: 'FailedPreStopHook',
      message: 'PreStopHook failed',
      details: { error: said },
    })
  } finally {
    timer.cancel()
  }
}

/** As the pod declares it; of a pod that nobody knows any more, what was written on the container when it was made. */
function declaredContainer(pod: Pod | undefined, container: RuntimeContainer): Container {
  const { name } = container.metadata
  const declared = [...(pod?.spec.initContainers ?? []), ...(pod?.spec.containers ?? [])].find(
    (candidate) => candidate.name === name,
  )
  if (declared !== undefined) return declared
  const preStop = readAnnotation<LifecycleHandler>(container, CONTAINER_PRE_STOP_HANDLER_ANNOTATION)
  const ports = readAnnotation<ContainerPort[]>(container, CONTAINER_PORTS_ANNOTATION)
  return {
    name,
    ...(ports === undefined ? {} : { ports }),
    ...(preStop === undefined ? {} : { lifecycle: { preStop } }),
  }
}

/** What `container-config` wrote there. */
function readAnnotation<T>(container: RuntimeContainer, annotation: string): T | undefined {
  const written = container.annotations[annotation]
  if (written === undefined) return undefined
  try {
    return JSON.parse(written) as T
  } catch {
    // Not of this kubelet's making: such a container is stopped without a hook.
    return undefined
  }
}

function aboutRuntimeContainer(runtimePod: RuntimePod, container: RuntimeContainer) {
  return { subject: 'container' as const, pod: runtimePodReference(runtimePod), container: container.metadata.name }
}

function runtimePodReference({ uid, name, namespace }: RuntimePod): PodReference {
  return { uid, name, namespace }
}
