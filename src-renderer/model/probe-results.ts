/** What a container's probes ask and what came of it last. A kubelet keeps no list of results: failures are on the timeline, and the status says whether what they decide holds. Pure. */
import type { Container, Probe } from '@common/api/core.ts'
import type { ContainerStatus } from '@common/api/pod-status.ts'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'

export const PROBE_KINDS = ['startup', 'liveness', 'readiness'] as const
export type ProbeKind = (typeof PROBE_KINDS)[number]

export interface ProbeReading {
  kind: ProbeKind
  how: { kind: 'exec' | 'httpGet' | 'tcpSocket' | 'grpc' | 'none'; what: string }
  /** As defaulted upstream (facts 2.6). */
  periodSeconds: number
  delaySeconds: number
  failureThreshold: number
  result: 'passes' | 'failing' | 'unknown' | 'notAsked'
  /** The newest failure of the present run. */
  failure?: { message: string; time: string; count: number }
}

/** @param entries of the pod, oldest first */
export function readProbes(
  container: Container,
  status: ContainerStatus | undefined,
  entries: readonly TimelineEntry[],
): ProbeReading[] {
  return PROBE_KINDS.flatMap((kind) => {
    const probe = container[`${kind}Probe`]
    return probe === undefined ? [] : [readProbe(kind, probe, container.name, status, entries)]
  })
}

function readProbe(
  kind: ProbeKind,
  probe: Probe,
  container: string,
  status: ContainerStatus | undefined,
  entries: readonly TimelineEntry[],
): ProbeReading {
  const word = `${kind.charAt(0).toUpperCase()}${kind.slice(1)} probe`
  const startedAt = status?.state.running?.startedAt
  const entry = entries.findLast(
    ({ reason, container: of, message, time }) =>
      reason === 'Unhealthy' && of === container && message.startsWith(word) && time >= (startedAt ?? ''),
  )
  const count = Number(entry?.details?.['count'] ?? 1)
  return {
    kind,
    how: describeHow(probe),
    periodSeconds: probe.periodSeconds ?? 10,
    delaySeconds: probe.initialDelaySeconds ?? 0,
    failureThreshold: probe.failureThreshold ?? 3,
    result: startedAt === undefined ? 'notAsked' : judge(kind, status),
    ...(entry !== undefined && { failure: { message: entry.message, time: entry.time, count } }),
  }
}

/** A liveness probe that fails for good ends the container: as long as it runs, what counts is that it has not. */
function judge(kind: ProbeKind, status: ContainerStatus | undefined): ProbeReading['result'] {
  switch (kind) {
    case 'readiness':
      return status?.started === false ? 'unknown' : status?.ready === true ? 'passes' : 'failing'
    case 'startup':
      return status?.started === true ? 'passes' : 'unknown'
    case 'liveness':
      return status?.started === false ? 'notAsked' : 'passes'
  }
}

function describeHow({ exec, httpGet, tcpSocket, grpc }: Probe): ProbeReading['how'] {
  if (exec !== undefined) return { kind: 'exec', what: (exec.command ?? []).join(' ') }
  if (httpGet !== undefined) {
    const { scheme = 'HTTP', host = '', port, path = '/' } = httpGet
    return { kind: 'httpGet', what: `${scheme.toLowerCase()}://${host}:${port}${path}` }
  }
  if (tcpSocket !== undefined) return { kind: 'tcpSocket', what: String(tcpSocket.port) }
  if (grpc !== undefined) return { kind: 'grpc', what: String(grpc.port) }
  return { kind: 'none', what: '' }
}
