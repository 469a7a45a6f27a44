/** Waiting for what the kubelet says of a file that was just written. */
import { delay } from '../../base/clock.ts'
import type { Clock } from '../../base/clock.ts'
import type { FileVerdict } from '../../common/lab/file-verdict.ts'

/** A kubelet lists its folder every 20 s even where no change is announced (facts 1.2.5). */
const LIMIT_MS = 25_000
const WAITS_MS = [20, 50, 100, 200]
const LATER_MS = 400

/**
 * @param ask for the present verdict on the file
 * @param before the verdict on what the file was before it was written
 * @returns `undefined` when the kubelet has said nothing about the file for as long as it may take
 */
export async function awaitVerdict(
  clock: Clock,
  ask: () => Promise<FileVerdict | undefined>,
  before: FileVerdict | undefined,
): Promise<FileVerdict | undefined> {
  const endMs = clock.now() + LIMIT_MS
  for (let round = 0; ; round++) {
    const verdict = await ask()
    if (verdict !== undefined && isNew(verdict, before)) return verdict
    const waitMs = WAITS_MS[round] ?? LATER_MS
    if (clock.now() + waitMs > endMs) return undefined
    await delay(clock, waitMs)
  }
}

/** A kubelet that cannot be asked will not say more by waiting. */
function isNew(verdict: FileVerdict, before: FileVerdict | undefined): boolean {
  if (before === undefined || verdict.state === 'unread') return true
  const keys = ['modifiedAt', 'sizeBytes', 'observedAt', 'state'] as const
  return keys.some((key) => verdict[key] !== before[key])
}
