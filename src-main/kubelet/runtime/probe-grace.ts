/** A failed probe's own grace period, which counts instead of the pod's when it ends its container (facts 2.11.1). */
import type { Probe } from '../../common/api/core.ts'

export function probeGrace(probe: Probe | undefined): { graceSeconds?: number } {
  const graceSeconds = probe?.terminationGracePeriodSeconds
  return graceSeconds === undefined ? {} : { graceSeconds }
}
