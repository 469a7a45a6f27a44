/** What the server does once it answers: default objects, and whatever else must come to be (upstream's PostStartHooks). */
import { delay, type Clock } from '../../base/clock.ts'
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { HealthCheck } from './health/health-checks.ts'

export interface PostStartHook {
  /** Upstream's, such as `start-system-namespaces-controller`; a health check `poststarthook/NAME` tells whether it is done. */
  name: string
  /** Is tried again until it succeeds. */
  run(signal: AbortSignal): Promise<void>
}

const RETRY_MS = 1000

export interface RunningHooks extends Disposable {
  readonly checks: readonly HealthCheck[]
}

export function runPostStartHooks(
  hooks: readonly PostStartHook[],
  { clock, logger }: { clock: Clock; logger: Logger },
): RunningHooks {
  const ending = new AbortController()
  const done = new Set<string>()
  const runOne = async ({ name, run }: PostStartHook): Promise<void> => {
    while (!ending.signal.aborted)
      try {
        await run(ending.signal)
        done.add(name)
        return
      } catch (error) {
        if (ending.signal.aborted) return
        logger.error('Post-start hook failed; it is tried again', { hook: name, err: error })
        await delay(clock, RETRY_MS, ending.signal).catch(() => undefined)
      }
  }
  for (const hook of hooks) void runOne(hook)
  return {
    checks: hooks.map(({ name }) => ({
      name: `poststarthook/${name}`,
      check: () => {
        if (!done.has(name)) throw new Error('not finished')
      },
    })),
    ...toDisposable(() => ending.abort()),
  }
}
