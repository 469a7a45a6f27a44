/** What a container's status adds to its stretches of time: the present, and the run before it where nothing else is known. Pure. */
import type { ContainerStatus } from '@common/api/pod-status.ts'
import { parseGoDuration } from '@common/api/duration.ts'
import type { ContainerStage, Stretch } from './compute-lifecycle.ts'

/** Times of a status are whole seconds: an entry of the same second is as new. */
const SECOND_MS = 1_000

/**
 * @param last the newest stretch that the timeline tells of
 * @param podFrom when the pod began, for a container that has no time of its own; may be NaN
 */
export function observePresent(
  last: Stretch<ContainerStage> | undefined,
  status: ContainerStatus | undefined,
  uid: string,
  podFrom: number,
): Stretch<ContainerStage>[] {
  const known = last?.uid === uid && last.until === undefined ? last : undefined
  const past = known === undefined ? readPast(status, uid) : []
  const before = [podFrom, known?.from ?? past.at(-1)?.from ?? last?.until ?? last?.from ?? Number.NaN]
  const since = Math.max(...before.filter((time) => !Number.isNaN(time)))
  const present = readPresent(status, uid, since)
  if (present === undefined) return past
  if (known !== undefined && !isNews(known, present)) return []
  return Number.isFinite(present.from) ? [...past, { ...present, from: Math.max(present.from, since) }] : past
}

function readPast(status: ContainerStatus | undefined, uid: string): Stretch<ContainerStage>[] {
  const terminated = status?.lastState.terminated
  const from = Date.parse(terminated?.startedAt ?? '')
  const until = Date.parse(terminated?.finishedAt ?? '')
  if (terminated === undefined || Number.isNaN(until)) return []
  const end: Stretch<ContainerStage> = {
    stage: 'terminated',
    from: until,
    reason: terminated.reason ?? 'Error',
    uid,
    exitCode: terminated.exitCode,
  }
  return Number.isNaN(from) ? [end] : [{ stage: 'running', from, until, reason: 'Running', uid }, end]
}

function readPresent(
  status: ContainerStatus | undefined,
  uid: string,
  since: number,
): Stretch<ContainerStage> | undefined {
  const { waiting, running, terminated } = status?.state ?? {}
  if (running !== undefined) {
    return { stage: 'running', from: Date.parse(running.startedAt ?? '') || since, reason: 'Running', uid }
  }
  if (terminated !== undefined) {
    const from = Date.parse(terminated.finishedAt ?? '') || since
    return { stage: 'terminated', from, reason: terminated.reason ?? 'Error', uid, exitCode: terminated.exitCode }
  }
  if (status === undefined) return undefined
  const reason = waiting?.reason ?? 'ContainerCreating'
  if (!reason.endsWith('BackOff')) return { stage: 'waiting', from: since, reason, uid }
  const delay = parseGoDuration(/^back-off (\S+) /.exec(waiting?.message ?? '')?.[1] ?? '')
  const ended = Date.parse(status.lastState.terminated?.finishedAt ?? '')
  return {
    stage: 'back-off',
    from: ended || since,
    reason,
    uid,
    ...(delay !== undefined && { delaySeconds: delay / SECOND_MS }),
    ...(delay !== undefined && !Number.isNaN(ended) && { dueAt: ended + delay }),
  }
}

/** View and timeline come by different ways, and either may be ahead: an older word does not undo a newer one. */
function isNews(known: Stretch<ContainerStage>, present: Stretch<ContainerStage>): boolean {
  if (known.stage === present.stage) return false
  switch (present.stage) {
    case 'running':
    case 'terminated':
      return present.from + SECOND_MS > known.from && known.stage !== 'back-off'
    case 'back-off':
      return known.stage === 'terminated' || known.stage === 'waiting'
    case 'waiting':
      return known.stage === 'terminated' && present.reason !== 'ContainerCreating'
  }
}
