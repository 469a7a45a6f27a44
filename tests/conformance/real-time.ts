/** Time for runtimes that run on this machine's. */
import { waitUntil } from '../support/wait-until.ts'
import type { CriSubject } from './cri-subject.ts'

export const REAL_TIME: Pick<CriSubject, 'nowNs' | 'eventually'> = {
  nowNs: () => BigInt(Date.now()) * 1_000_000n,
  eventually: (what, observe) => waitUntil({ what, timeoutSeconds: 40, intervalMs: 30 }, observe),
}
