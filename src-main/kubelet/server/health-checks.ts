/** `/healthz`: the checks of a kubelet and their words (apiserver/pkg/server/healthz). */
import type { Clock } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import { HttpProblem } from './http-problem.ts'
import type { KubeletHost } from './kubelet-host.ts'

/** Why it is not well; `undefined`: it is. */
type HealthCheck = () => string | undefined

export type HealthChecks = ReadonlyMap<string, HealthCheck>

/** How long the sync loop may stand still. */
const SYNC_LOOP_LIMIT_MS = 2 * 60_000

/** For the port of its own: that it answers is all that it says. */
export const PING_ONLY: HealthChecks = new Map([['ping', () => undefined]])

/** `log` would fail when writing to the log blocks; here that would stop the kubelet as a whole, and with it this answer. */
export function kubeletChecks(syncLoop: HealthCheck): HealthChecks {
  return new Map([...PING_ONLY, ['log', () => undefined], ['syncloop', syncLoop]])
}

/** Pods are not synced while the runtime is not ready: as upstream's loop, ours stands still then. */
export function watchSyncLoop(host: KubeletHost, clock: Clock): Disposable & { check: HealthCheck } {
  let readyMs = clock.now()
  let isReady = host.info().runtimeReady
  const look = (): void => {
    const was = isReady
    isReady = host.info().runtimeReady
    if (was && !isReady) readyMs = clock.now()
  }
  const subscription = host.onDidChange(look)
  return {
    check: () =>
      isReady || clock.now() - readyMs <= SYNC_LOOP_LIMIT_MS ? undefined : 'sync Loop took longer than expected',
    dispose: () => subscription.dispose(),
  }
}

/**
 * @param name of one check; empty: all of them
 * @throws HttpProblem 500 when one fails, 404 when there is none of that name
 */
export function answerHealth(checks: HealthChecks, name: string, query: URLSearchParams): string {
  if (name === '') return answerAll(checks, query)
  const check = checks.get(name)
  if (check === undefined) throw new HttpProblem(404, '404 page not found\n')
  const problem = check()
  if (problem !== undefined) throw new HttpProblem(500, `internal server error: ${problem}\n`)
  return 'ok'
}

function answerAll(checks: HealthChecks, query: URLSearchParams): string {
  const excluded = query.getAll('exclude')
  let failed = false
  let lines = ''
  for (const [name, check] of checks) {
    if (excluded.includes(name)) lines += `[+]${name} excluded: ok\n`
    else if (check() === undefined) lines += `[+]${name} ok\n`
    else {
      failed = true
      lines += `[-]${name} failed: reason withheld\n`
    }
  }
  const unknown = excluded.filter((name) => !checks.has(name)).map((name) => JSON.stringify(name))
  if (unknown.length > 0) lines += `warn: some health checks cannot be excluded: no matches for ${unknown.join(',')}\n`
  if (failed) throw new HttpProblem(500, `${lines}healthz check failed\n`)
  return query.has('verbose') ? `${lines}healthz check passed\n` : 'ok'
}
