/** An upper bound on waiting for somebody else's answer. */
import type { Clock } from '../../base/clock.ts'
import { LabError } from '../../common/lab-error.ts'

/** @throws LabError Timeout; the answer itself goes on and is not listened to any more */
export async function withTimeLimit<T>(clock: Clock, limitMs: number, who: string, answer: Promise<T>): Promise<T> {
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const timer = clock.setTimer(limitMs, () => {
    reject(new LabError({ kind: 'Timeout', message: `${who} did not answer within ${limitMs / 1000} s` }))
  })
  try {
    return await Promise.race([answer, expired])
  } finally {
    timer.cancel()
  }
}
