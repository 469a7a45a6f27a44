/** Starts one container of a pod: image, configuration, create, start (facts 2.3.1, 3). */
import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { untilAborted } from '../../base/until-aborted.ts'
import type { Container, Pod } from '../../common/api/core.ts'
import type { TimelineCause } from '../../common/lab/timeline-entry.ts'
import type { PodSandboxConfig } from '../../container-runtime/cri.ts'
import type { ImageLook } from '../images/image-manager.ts'
import { runHook } from '../lifecycle/run-hook.ts'
import { podReference } from '../pod-identity.ts'
import { aboutContainer } from '../timeline/timeline.ts'
import { containerLogName, podLogDirectory } from '../volumes/node-paths.ts'
import { makeContainerConfig } from './container-config.ts'
import { ContainerStartError } from './container-start-error.ts'
import { errorDescription, isRuntimeUnavailable } from './describe-error.ts'
import { killContainer } from './kill-container.ts'
import { observePod } from './observe-pod.ts'
import { nextRestartCount } from './restart-count.ts'
import type { RuntimeContext } from './runtime-context.ts'
import type { RuntimeContainer } from './runtime-pod.ts'
import { checkRunAsNonRoot } from './security-context.ts'

export interface StartContainerInput {
  pod: Pod
  container: Container
  sandboxId: string
  sandboxConfig: PodSandboxConfig
  podIPs: string[]
  volumePaths: ReadonlyMap<string, string>
  /** Its newest instance so far. */
  newest: RuntimeContainer | undefined
  cause: TimelineCause | undefined
  /** Begun while the sandbox was made. */
  imageLook: ImageLook | undefined
  /** Aborted when the pod has to end: nothing new is begun then. */
  signal: AbortSignal
}

/**
 * Answers the id of the container that runs now.
 * @throws ContainerStartError with the waiting state's reason; CriError `Unavailable` when the runtime service did not
 *   answer, which is nobody's fault and no reason; the signal's reason
 */
export async function startContainer(context: RuntimeContext, input: StartContainerInput): Promise<string> {
  const { pod, container } = input
  const image = await ensureImage(context, input)
  input.signal.throwIfAborted()
  const restartCount = nextRestartCount(context.paths, pod, container, input.newest)
  const config = await orFail('CreateContainerConfigError', context, input, () => {
    checkRunAsNonRoot(pod, container, image)
    mkdirSync(dirname(join(podLogDirectory(context.paths, pod), containerLogName(container.name, restartCount))), {
      recursive: true,
    })
    return makeContainerConfig(context, {
      pod,
      container,
      imageRef: image.id,
      restartCount,
      podIPs: input.podIPs,
      volumePaths: input.volumePaths,
    })
  })
  const containerId = await orFail('CreateContainerError', context, input, async () => {
    await removeUnstarted(context, input.newest)
    return context.runtime.createContainer(input.sandboxId, config, input.sandboxConfig)
  })
  const details = { containerId, restartCount, image: container.image ?? '' }
  const cause = input.cause === undefined ? {} : { cause: input.cause }
  const about = aboutContainer(pod, container.name)
  context.timeline.record({ ...about, type: 'Normal', reason: 'Created', message: 'Container created', details })
  // Before it runs: the runtime's own news of the start must not show it.
  if (container.lifecycle?.postStart !== undefined) context.postStarts.add(containerId)
  try {
    await runCreated(context, input, containerId)
    context.timeline.record({
      ...about,
      ...cause,
      type: 'Normal',
      reason: 'Started',
      message: 'Container started',
      details,
    })
    linkLog(context, pod, container.name, containerId, restartCount)
    await runPostStart(context, input, containerId)
    return containerId
  } finally {
    context.postStarts.delete(containerId)
  }
}

function runCreated(context: RuntimeContext, input: StartContainerInput, containerId: string): Promise<void> {
  return orFail('RunContainerError', context, input, async () => {
    try {
      await context.runtime.startContainer(containerId)
    } catch (error) {
      const said = errorDescription(error)
      const framed = `failed to start container ${JSON.stringify(containerId)}: `
      throw isRuntimeUnavailable(error) || said.startsWith('failed to start container')
        ? error
        : new Error(`${framed}${said}`, { cause: error })
    }
  })
}

/** The start of one that a killed kubelet has made may still be on its way: there would be two of them. */
async function removeUnstarted(context: RuntimeContext, newest: RuntimeContainer | undefined): Promise<void> {
  if (newest?.state === 'CONTAINER_CREATED') await context.runtime.removeContainer(newest.id)
}

/** Within the start: the container is not shown running before it returns; a failure kills it (facts 2.14.1). */
async function runPostStart(context: RuntimeContext, input: StartContainerInput, containerId: string): Promise<void> {
  const { pod, container } = input
  const handler = container.lifecycle?.postStart
  if (handler === undefined) return
  try {
    const { runtime, clock, timeline } = context
    const hook = runHook({
      ...{ runtime, clock, timeline },
      pod: podReference(pod),
      container,
      containerId,
      handler,
      podIP: input.podIPs[0] ?? '',
      timeoutSeconds: 0,
      signal: input.signal,
    })
    await untilAborted(hook, input.signal)
  } catch (error) {
    input.signal.throwIfAborted()
    if (isRuntimeUnavailable(error)) throw error
    const about = aboutContainer(pod, container.name)
    const said = errorDescription(error)
    context.logger.error('Failed to execute PostStartHook', { containerName: container.name, err: said })
    context.timeline.record({
      ...about,
      type: 'Warning',
      reason: 'FailedPostStartHook',
      message: 'PostStartHook failed',
      details: { error: said },
    })
    await killStarted(context, pod, containerId)
    throw new ContainerStartError('PostStartHookError', said, { cause: error })
  }
}

async function killStarted(context: RuntimeContext, pod: Pod, containerId: string): Promise<void> {
  const runtimePod = await observePod({
    runtime: context.runtime,
    uid: podReference(pod).uid,
    previous: undefined,
    terminationMessage: () => '',
  })
  const started = runtimePod.containers.find((candidate) => candidate.id === containerId)
  if (started?.state !== 'CONTAINER_RUNNING') return
  await killContainer(context, { pod, runtimePod }, started, { message: 'FailedPostStartHook' })
}

async function ensureImage(
  context: RuntimeContext,
  input: StartContainerInput,
): ReturnType<RuntimeContext['images']['ensureImage']> {
  try {
    // A pull may take minutes; a pod that has to end does not wait for it.
    return await untilAborted(context.images.ensureImage(input.pod, input.container, input.imageLook), input.signal)
  } catch (error) {
    if (error instanceof ContainerStartError) recordFailure(context, input, error.reason)
    throw error
  }
}

async function orFail<T>(
  reason: string,
  context: RuntimeContext,
  input: StartContainerInput,
  step: () => T | Promise<T>,
): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (isRuntimeUnavailable(error)) throw error
    const failure =
      error instanceof ContainerStartError
        ? error
        : new ContainerStartError(reason, errorDescription(error), { cause: error })
    recordFailure(context, input, failure.message)
    throw failure
  }
}

function recordFailure(context: RuntimeContext, input: StartContainerInput, text: string): void {
  context.timeline.record({
    ...aboutContainer(input.pod, input.container.name),
    type: 'Warning',
    reason: 'Failed',
    message: `Error: ${text}`,
  })
}

/** `/var/log/containers/NAME_NS_CONTAINER-ID.log`, where log collectors look (facts 2.9.2). */
function linkLog(
  context: RuntimeContext,
  pod: Pod,
  container: string,
  containerId: string,
  restartCount: number,
): void {
  const { name, namespace } = podReference(pod)
  const target = join(podLogDirectory(context.paths, pod), containerLogName(container, restartCount))
  const link = join(context.paths.containerLogs, `${name}_${namespace}_${container}-${containerId}.log`)
  try {
    mkdirSync(context.paths.containerLogs, { recursive: true })
    symlinkSync(target, link)
  } catch (error) {
    context.logger.error('Failed to create legacy symbolic link', { path: link, err: errorDescription(error) })
  }
}
