/** Removes dead containers and sandboxes that nobody needs any more (facts 2.9). */
import { readdirSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { rotatedLogs } from './container-log-manager.ts'
import { errorDescription } from './describe-error.ts'
import type { RuntimeContext } from './runtime-context.ts'
import type { RuntimeContainer, RuntimePod } from './runtime-pod.ts'

/** Pure: all but the newest dead instance of each container. */
export function computeDeadContainersToRemove(runtimePod: RuntimePod): RuntimeContainer[] {
  const kept = new Set<string>()
  return runtimePod.containers.filter((container) => {
    if (container.state !== 'CONTAINER_EXITED') return false
    if (!kept.has(container.metadata.name)) {
      kept.add(container.metadata.name)
      return false
    }
    return true
  })
}

/** Pure: dead sandboxes other than the newest sandbox, once none of the kept containers lives in them. */
export function computeDeadSandboxesToRemove(runtimePod: RuntimePod, removed: RuntimeContainer[]): string[] {
  const needed = new Set(
    runtimePod.containers
      .filter((container) => !removed.includes(container))
      .map((container) => container.podSandboxId),
  )
  return runtimePod.sandboxes
    .filter((sandbox, index) => index > 0 && sandbox.state === 'SANDBOX_NOTREADY' && !needed.has(sandbox.id))
    .map((sandbox) => sandbox.id)
}

/** Keeps what status needs (one dead instance per container). Answers whether anything was removed. */
export async function pruneDeadContainers(context: RuntimeContext, runtimePod: RuntimePod): Promise<boolean> {
  const containers = computeDeadContainersToRemove(runtimePod)
  const sandboxes = computeDeadSandboxesToRemove(runtimePod, containers)
  for (const container of containers) {
    await context.runtime.removeContainer(container.id)
    removeContainerFiles(context, container)
  }
  for (const sandboxId of sandboxes) await context.runtime.removePodSandbox(sandboxId)
  return containers.length + sandboxes.length > 0
}

/** Everything of a pod that is gone: containers, sandboxes. @throws CriError */
export async function removeAllContainers(context: RuntimeContext, runtimePod: RuntimePod): Promise<void> {
  await Promise.all(runtimePod.containers.map((container) => context.runtime.removeContainer(container.id)))
  await Promise.all(runtimePod.sandboxes.map((sandbox) => context.runtime.removePodSandbox(sandbox.id)))
}

/** The logs of a removed instance and its termination message. */
function removeContainerFiles(context: RuntimeContext, container: RuntimeContainer): void {
  for (const mount of container.mounts)
    if (mount.hostPath.startsWith(join(context.paths.root, 'pods')) && mount.hostPath.includes('/containers/'))
      rmSync(mount.hostPath, { force: true })
  if (container.logPath !== '' && container.logPath.startsWith(context.paths.podLogs))
    for (const path of [container.logPath, ...rotatedLogs(container.logPath)]) rmSync(path, { force: true })
  removeDanglingLogLinks(context)
}

/** Links in `/var/log/containers` whose log is gone. */
export function removeDanglingLogLinks(context: RuntimeContext): void {
  const directory = context.paths.containerLogs
  let names: string[]
  try {
    names = readdirSync(directory)
  } catch {
    // Made with the first container; nothing dangles before.
    return
  }
  for (const name of names) {
    const link = join(directory, name)
    try {
      readlinkSync(link)
      if (statSync(link, { throwIfNoEntry: false }) === undefined) rmSync(link, { force: true })
    } catch (error) {
      context.logger.info('Leaving an entry of the container log directory alone', {
        path: link,
        err: errorDescription(error),
      })
    }
  }
}
