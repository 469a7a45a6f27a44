/** What the probes of a container said last: read by the pod sync and by status, written by a prober. */

export type ProbeResult = 'Success' | 'Failure' | 'Unknown'

export interface ProbeResults {
  /** By container id; `undefined`: no such probe, or it has not run yet. */
  liveness(containerId: string): ProbeResult | undefined
  readiness(containerId: string): ProbeResult | undefined
  startup(containerId: string): ProbeResult | undefined
}

/** No probe runs: a container counts as started and ready as soon as it runs (facts 2.13.2). */
export const noProbeResults: ProbeResults = {
  liveness: () => undefined,
  readiness: () => undefined,
  startup: () => undefined,
}
