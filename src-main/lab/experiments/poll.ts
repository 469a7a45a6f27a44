/** Waits for what somebody else does, by looking again and again. */
import { delay, type Clock } from '../../base/clock.ts'
import { LabError, toLabErrorData } from '../../common/lab-error.ts'

const POLL_MS = 500

export interface PollOptions {
  clock: Clock
  atMostSeconds: number
  /** What is said when it did not come: "the API server does not answer". */
  otherwise: string
  signal?: AbortSignal
}

/** A look that fails is as good as one that says no. @throws Timeout with the last failure's words, the signal's reason */
export async function pollUntil(
  { clock, atMostSeconds, otherwise, signal }: PollOptions,
  look: () => Promise<boolean>,
): Promise<void> {
  const endMs = clock.now() + atMostSeconds * 1000
  for (;;) {
    let words = ''
    try {
      if (await look()) return
    } catch (error) {
      signal?.throwIfAborted()
      words = `: ${toLabErrorData(error).message}`
    }
    if (clock.now() >= endMs)
      throw new LabError({ kind: 'Timeout', message: `${otherwise} within ${atMostSeconds} seconds${words}` })
    await delay(clock, POLL_MS, signal)
  }
}
