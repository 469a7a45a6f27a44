/** Stops containers and whole pods with their grace (facts 2.11). */
import { POD_TERMINATION_GRACE_PERIOD_ANNOTATION } from '../../common/api/kubelet-labels.ts'
import type { Pod } from '../../common/api/core.ts'
import type { TimelineCause } from '../../common/lab/timeline-entry.ts'
import { runHook } from '../lifecycle/run-hook.ts'
import { errorDescription } from './describe-error.ts'
import { isSidecar } from './restart-policy.ts'
import type { RuntimeContext } from './runtime-context.ts'
import { activeSandbox, runningContainers } from './runtime-pod.ts'
import type { RuntimeContainer, RuntimePod } from './runtime-pod.ts'

const DEFAULT_GRACE_SECONDS = 30
/** What a container has at least, whatever its grace and however much of it its hook has taken (facts 2.11.2). */
const MIN_GRACE_SECONDS = 2

export interface KillOptions {
  /** `undefined`: a pod that no source knows any more. */
  pod: Pod | undefined
  runtimePod: RuntimePod
  /** May only shorten what the pod asks for. */
  graceOverrideSeconds?: number
  cause?: TimelineCause
}

/**
 * All app containers in parallel, then the sidecars in reverse order, then the sandboxes. Safe to repeat.
 * @throws the first failure, after everything was tried
 */
export async function killPod(context: RuntimeContext, options: KillOptions): Promise<void> {
  const { pod, runtimePod } = options
  const startMs = context.clock.now()
  const graceSeconds = podGraceSeconds(options)
  const sidecarNames = (pod?.spec.initContainers ?? []).filter(isSidecar).map((container) => container.name)
  const running = runningContainers(runtimePod)
  const mains = running.filter((container) => !sidecarNames.includes(container.metadata.name))
  const failures: unknown[] = []
  const stop = async (container: RuntimeContainer): Promise<void> => {
    const spentSeconds = Math.floor((context.clock.now() - startMs) / 1000)
    const seconds = Math.max(graceSeconds - spentSeconds, Math.min(MIN_GRACE_SECONDS, graceSeconds))
    try {
      await killContainer(context, options, container, seconds)
    } catch (error) {
      failures.push(error)
    }
  }
  await Promise.all(mains.map(stop))
  for (const name of sidecarNames.toReversed())
    for (const container of running.filter((candidate) => candidate.metadata.name === name)) await stop(container)
  if (failures.length === 0)
    await Promise.all(
      runtimePod.sandboxes
        .filter((sandbox) => sandbox.state === 'SANDBOX_READY')
        .map(async (sandbox) => {
          try {
            await context.runtime.stopPodSandbox(sandbox.id)
          } catch (error) {
            failures.push(error)
          }
        }),
    )
  if (failures.length > 0) throw failures[0]
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

/** Only an override goes below: it ends what no source knows any more (facts 1.5.10). */
function minGraceSeconds({ graceOverrideSeconds }: KillOptions): number {
  return Math.min(MIN_GRACE_SECONDS, graceOverrideSeconds ?? MIN_GRACE_SECONDS)
}

/** Stops one running container; `message` is the `Killing` event's text. */
export async function killContainer(
  context: RuntimeContext,
  options: KillOptions,
  container: RuntimeContainer,
  graceSeconds = podGraceSeconds(options),
  message = `Stopping container ${container.metadata.name}`,
): Promise<void> {
  const { runtimePod } = options
  const name = container.metadata.name
  context.timeline.record({
    subject: 'container',
    pod: { namespace: runtimePod.namespace, name: runtimePod.name, uid: runtimePod.uid },
    container: name,
    type: 'Normal',
    reason: 'Killing',
    message,
    ...(options.cause === undefined ? {} : { cause: options.cause }),
    details: { containerId: container.id, gracePeriodSeconds: graceSeconds },
  })
  context.logger.info('Killing container with a grace period', {
    pod: `${runtimePod.namespace}/${runtimePod.name}`,
    podUID: runtimePod.uid,
    containerName: name,
    containerID: container.id,
    gracePeriod: graceSeconds,
  })
  const leftSeconds = await runPreStop(context, options, container, graceSeconds)
  try {
    await context.runtime.stopContainer(container.id, Math.max(leftSeconds, minGraceSeconds(options)))
  } catch (error) {
    context.logger.error('Container termination failed with gracePeriod', {
      pod: `${runtimePod.namespace}/${runtimePod.name}`,
      podUID: runtimePod.uid,
      containerName: name,
      containerID: container.id,
      gracePeriod: graceSeconds,
      err: errorDescription(error),
    })
    throw error
  }
}

/** Its time is part of the grace; one that outlives the grace is abandoned. Answers what is left (facts 2.11.2, 2.11.3). */
async function runPreStop(
  context: RuntimeContext,
  options: KillOptions,
  container: RuntimeContainer,
  graceSeconds: number,
): Promise<number> {
  const name = container.metadata.name
  const declared = [...(options.pod?.spec.initContainers ?? []), ...(options.pod?.spec.containers ?? [])].find(
    (candidate) => candidate.name === name,
  )
  const handler = declared?.lifecycle?.preStop
  if (declared === undefined || handler === undefined || graceSeconds <= 0) return graceSeconds
  const startMs = context.clock.now()
  const abort = new AbortController()
  const timer = context.clock.setTimer(graceSeconds * 1000, () => abort.abort(new Error('the grace period is over')))
  const abandoned = new Promise<void>((resolve) => {
    abort.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  try {
    const hook = runHook({
      runtime: context.runtime,
      clock: context.clock,
      container: declared,
      containerId: container.id,
      handler,
      podIP: activeSandbox(options.runtimePod)?.ip || context.node.nodeIP,
      timeoutSeconds: graceSeconds,
      signal: abort.signal,
    })
    await Promise.race([hook, abandoned])
  } catch (error) {
    context.logger.error('PreStop hook failed', { containerName: name, err: errorDescription(error) })
    context.timeline.record({
      subject: 'container',
      pod: { namespace: options.runtimePod.namespace, name: options.runtimePod.name, uid: options.runtimePod.uid },
      container: name,
      type: 'Warning',
      reason: 'FailedPreStopHook',
      message: 'PreStopHook failed',
      details: { error: errorDescription(error) },
    })
  } finally {
    timer.cancel()
  }
  const spentSeconds = Math.floor((context.clock.now() - startMs) / 1000)
  return graceSeconds - spentSeconds
}
