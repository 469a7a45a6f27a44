/** Stops all that runs of a pod with its grace (facts 2.11). */
import type { Pod } from '../../common/api/core.ts'
import { killContainer } from './kill-container.ts'
import type { KillOptions } from './kill-container.ts'
import { isSidecar } from './restart-policy.ts'
import type { RuntimeContext } from './runtime-context.ts'
import { runningContainers } from './runtime-pod.ts'
import type { RuntimeContainer } from './runtime-pod.ts'

/**
 * All containers at once, where each sidecar gets its stop signal when what started after it has ended; then the sandboxes.
 * Safe to repeat. @throws the first failure, after everything was tried
 */
export async function killPod(context: RuntimeContext, options: KillOptions): Promise<void> {
  const { pod, runtimePod } = options
  const running = runningContainers(runtimePod)
  const stopped = new Map<RuntimeContainer, PromiseWithResolvers<void>>()
  for (const container of running) stopped.set(container, Promise.withResolvers())
  const turnOf = (container: RuntimeContainer): Promise<unknown> => {
    const before = computeStopsBefore(pod, container.metadata.name)
    const awaited = running.filter((other) => before.includes(other.metadata.name))
    return Promise.all(awaited.map((other) => stopped.get(other)?.promise))
  }
  const failures: unknown[] = []
  const attempt = async (step: () => Promise<void>): Promise<void> => {
    try {
      await step()
    } catch (error) {
      failures.push(error)
    }
  }
  await Promise.all(
    running.map(async (container) => {
      await attempt(() => killContainer(context, options, container, { turn: turnOf(container) }))
      stopped.get(container)?.resolve()
    }),
  )
  const sandboxes = runtimePod.sandboxes.filter((sandbox) => sandbox.state === 'SANDBOX_READY')
  if (failures.length === 0)
    await Promise.all(sandboxes.map(({ id }) => attempt(() => context.runtime.stopPodSandbox(id))))
  if (failures.length > 0) throw failures[0]
}

/** Pure: names of those that have to end before a sidecar is stopped; none for any other container (facts 2.11.2). */
export function computeStopsBefore(pod: Pod | undefined, name: string): string[] {
  const sidecars = (pod?.spec.initContainers ?? []).filter(isSidecar).map((container) => container.name)
  const index = sidecars.indexOf(name)
  if (pod === undefined || index < 0) return []
  return [...pod.spec.containers.map((container) => container.name), ...sidecars.slice(index + 1)]
}
