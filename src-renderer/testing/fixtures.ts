/** Healthy pods and verdicts for tests; each test changes what it is about. */
import type { Pod } from '@common/api/core.ts'
import type { ContainerStatus } from '@common/api/pod-status.ts'
import type { FileVerdict } from '@common/lab/file-verdict.ts'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'

export const NOW = Date.parse('2026-11-24T12:00:00.000Z')

export function at(secondsFromNow: number): string {
  return new Date(NOW + secondsFromNow * 1000).toISOString()
}

export function aContainerStatus(change: Partial<ContainerStatus> = {}): ContainerStatus {
  return {
    name: 'nginx',
    image: 'nginx',
    imageID: 'docker://sha256:1',
    containerID: 'docker://1',
    ready: true,
    restartCount: 0,
    state: { running: { startedAt: at(-60) } },
    lastState: {},
    ...change,
  }
}

export function aPod(change: { containers?: ContainerStatus[]; uid?: string; name?: string } = {}): Pod {
  const containers = change.containers ?? [aContainerStatus()]
  return {
    metadata: { name: change.name ?? 'web-node01', namespace: 'default', uid: change.uid ?? 'uid-1' },
    spec: { containers: containers.map(({ name, image }) => ({ name, image })), restartPolicy: 'Always' },
    status: { phase: 'Running', startTime: at(-90), podIP: '172.30.0.130', containerStatuses: containers },
  }
}

/** A container that ended `secondsAgo` and waits `delay` (in Go's notation). */
export function aBackingOffContainer(secondsAgo: number, delay: string): ContainerStatus {
  return aContainerStatus({
    ready: false,
    restartCount: 3,
    state: {
      waiting: {
        reason: 'CrashLoopBackOff',
        message: `back-off ${delay} restarting failed container=nginx pod=web-node01_default(uid-1)`,
      },
    },
    lastState: {
      terminated: { exitCode: 1, reason: 'Error', startedAt: at(-secondsAgo - 3), finishedAt: at(-secondsAgo) },
    },
  })
}

export function aVerdict(change: Partial<FileVerdict> = {}): FileVerdict {
  const name = change.name ?? 'web.yaml'
  return {
    name,
    path: `/etc/kubernetes/manifests/${name}`,
    state: 'accepted',
    reason: 'Pod',
    message: '',
    explanation: '',
    kind: 'Pod',
    manifestAPIVersion: 'v1',
    pod: { namespace: 'default', name: 'web-node01', uid: 'uid-1' },
    warnings: [],
    sizeBytes: 100,
    modifiedAt: at(-100),
    observedAt: at(-100),
    ...change,
  }
}

export function anEntry(change: Partial<TimelineEntry> = {}): TimelineEntry {
  return {
    boot: 'boot-1',
    sequence: 1,
    time: at(-10),
    node: 'node01',
    type: 'Normal',
    subject: 'container',
    reason: 'Started',
    message: 'Started container nginx',
    ...change,
  }
}
