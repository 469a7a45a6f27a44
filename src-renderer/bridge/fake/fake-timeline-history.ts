/** Histories of the in-memory bridge: what its nodes have written before the window was opened. The same each time, but for the clock. */
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import type { UserAction } from '@common/lab/user-action.ts'

type Draft = Pick<TimelineEntry, 'subject' | 'reason'> & Partial<TimelineEntry>

const MINUTE_MS = 60_000

/** Writes entries of one node, with times in seconds after the beginning. */
class Journal {
  readonly entries: TimelineEntry[] = []
  private readonly node: string
  private readonly beginMs: number

  constructor(node: string, beginMs: number) {
    this.node = node
    this.beginMs = beginMs
  }

  add(atSeconds: number, draft: Draft): void {
    const entry = {
      type: 'Normal',
      message: `${draft.reason} ${draft.container ?? draft.file ?? ''}`.trim(),
      ...draft,
    } as const
    const time = new Date(this.beginMs + atSeconds * 1000).toISOString()
    // Before the sequence numbers of the node's life.
    this.entries.push({ boot: `boot-${this.node}`, sequence: 0, node: this.node, time, ...entry })
  }

  /** In the order of time, with numbers that end before those of the node's life. */
  finish(): TimelineEntry[] {
    const sorted = this.entries.toSorted((one, other) => (one.time < other.time ? -1 : 1))
    return sorted.map((entry, index) => ({ ...entry, sequence: index - sorted.length }))
  }
}

interface PodStory {
  name: string
  container?: string
  startSeconds: number
  /** Length of each run and its end; the last run goes on when it has none. */
  runs: readonly { seconds: number; exitCode?: number; backOffSeconds?: number }[]
  goneSeconds?: number
  probes?: readonly number[]
  pullSeconds?: number
}

function tell(journal: Journal, node: string, story: PodStory): void {
  const { name, container = 'app', startSeconds, runs, goneSeconds, probes = [], pullSeconds = 0 } = story
  const pod = { namespace: 'default', name: `${name}-${node}`, uid: `uid-${name}` }
  const file = `${name}.yaml`
  let at = startSeconds
  journal.add(at, { subject: 'file', reason: 'FileAccepted', file, pod, cause: 'FileAdded' })
  journal.add(at, { subject: 'pod', reason: 'PodAdded', pod, file, cause: 'FileAdded' })
  journal.add((at += 0.6), { subject: 'sandbox', reason: 'SandboxStarted', pod })
  if (pullSeconds > 0) journal.add(at, { subject: 'image', reason: 'Pulling', pod, container })
  journal.add((at += pullSeconds), { subject: 'image', reason: 'Pulled', pod, container })
  for (const [restartCount, { seconds, exitCode, backOffSeconds = 0 }] of runs.entries()) {
    const details = { containerId: `${name}-${restartCount}`, restartCount }
    journal.add((at += 0.4), { subject: 'container', reason: 'Started', pod, container, details })
    if (exitCode === undefined) break
    journal.add((at += seconds), {
      ...{ subject: 'container', reason: 'ContainerDied', pod, container, cause: 'ContainerExited' },
      ...{
        type: exitCode === 0 ? 'Normal' : 'Warning',
        message: `Container ${container} ended with exit code ${exitCode}`,
      },
      details: { ...details, exitCode, terminationReason: exitCode === 0 ? 'Completed' : 'Error' },
    })
    if (backOffSeconds === 0) continue
    const until = new Date(Date.parse(journal.entries.at(-1)?.time ?? '') + backOffSeconds * 1000).toISOString()
    const wait = { delaySeconds: backOffSeconds, until, restartCount }
    journal.add(at, { subject: 'container', reason: 'BackOff', type: 'Warning', pod, container, details: wait })
    at += backOffSeconds
  }
  for (const [index, seconds] of probes.entries())
    journal.add(seconds, {
      ...{ subject: 'probe', reason: 'Unhealthy', type: 'Warning', pod, container, cause: 'ProbeFailed' },
      message: 'Liveness probe failed: HTTP probe failed with statuscode: 500',
      details: { count: index + 1 },
    })
  if (goneSeconds === undefined) return
  journal.add(goneSeconds - 2, { subject: 'file', reason: 'FileGone', file, pod, cause: 'FileRemoved' })
  journal.add(goneSeconds - 2, { subject: 'container', reason: 'Killing', pod, container, cause: 'FileRemoved' })
  const details = { exitCode: 0, terminationReason: 'Completed', containerId: `${name}-${runs.length - 1}` }
  journal.add(goneSeconds - 0.5, { subject: 'container', reason: 'ContainerDied', pod, container, details })
  journal.add(goneSeconds, { subject: 'pod', reason: 'PodGone', pod })
}

/** Eight minutes of a lesson on two nodes: crashes, probes, a slow pull, a removal, a kubelet that was stopped. */
export function makeStory(nowMs: number): { entries: Record<string, TimelineEntry[]>; actions: UserAction[] } {
  const beginMs = nowMs - 8 * MINUTE_MS
  const one = new Journal('node01', beginMs)
  const two = new Journal('node02', beginMs)
  for (const journal of [one, two])
    journal.add(0, { subject: 'kubelet', reason: 'KubeletStarted', message: 'Starting kubelet.' })
  const crash = { seconds: 8, exitCode: 1 }
  tell(one, 'node01', {
    name: 'web',
    container: 'nginx',
    startSeconds: 20,
    runs: [{ seconds: 210, exitCode: 137 }, { seconds: 0 }],
  })
  tell(one, 'node01', {
    ...{ name: 'crash-loop', container: 'crasher', startSeconds: 55 },
    runs: [
      crash,
      { ...crash, backOffSeconds: 10 },
      { ...crash, backOffSeconds: 20 },
      { ...crash, backOffSeconds: 40 },
      { ...crash, backOffSeconds: 80 },
      { ...crash, backOffSeconds: 160 },
    ],
  })
  tell(one, 'node01', { name: 'report', startSeconds: 90, runs: [{ seconds: 100 }], goneSeconds: 300 })
  tell(two, 'node02', {
    name: 'api',
    startSeconds: 35,
    pullSeconds: 42,
    runs: [{ seconds: 150, exitCode: 137 }, { seconds: 0 }],
    probes: [195, 205, 215, 420, 430],
  })
  tell(two, 'node02', { name: 'cache', container: 'redis', startSeconds: 150, runs: [{ seconds: 0 }] })
  two.add(260, { subject: 'kubelet', reason: 'KubeletStopping', message: 'Stopping kubelet; containers keep running' })
  two.add(330, { subject: 'kubelet', reason: 'KubeletStarted', message: 'Starting kubelet.' })
  two.add(340, {
    subject: 'file',
    reason: 'FileRejected',
    type: 'Warning',
    file: 'deployment.yaml',
    message: 'Not a Pod',
  })
  const action = (atSeconds: number, draft: Pick<UserAction, 'kind'> & Partial<UserAction>): UserAction => ({
    ...{
      id: String(atSeconds).padStart(8, '0'),
      lab: 'default',
      time: new Date(beginMs + atSeconds * 1000).toISOString(),
    },
    ...draft,
  })
  const actions = [
    action(20, { kind: 'ManifestAdded', node: 'node01', file: 'web.yaml' }),
    action(55, { kind: 'ManifestAdded', node: 'node01', file: 'crash-loop.yaml' }),
    action(231, {
      kind: 'ContainerCrashed',
      node: 'node01',
      pod: { namespace: 'default', name: 'web-node01' },
      container: 'nginx',
    }),
    action(260, { kind: 'KubeletStopped', node: 'node02' }),
    action(298, { kind: 'ManifestRemoved', node: 'node01', file: 'report.yaml' }),
    action(330, { kind: 'KubeletStarted', node: 'node02' }),
  ]
  return { entries: { node01: one.finish(), node02: two.finish() }, actions }
}

export const LARGE_NODES = 20
const PODS_OF_EACH = 100

/** Two hours of 2,000 pods: ten entries each, 20,000 in all. */
export function makeLargeHistory(nowMs: number): Record<string, TimelineEntry[]> {
  const names = Array.from({ length: LARGE_NODES }, (_, index) => `node${String(index + 1).padStart(2, '0')}`)
  return Object.fromEntries(
    names.map((node, nodeIndex) => {
      const journal = new Journal(node, nowMs - 120 * MINUTE_MS)
      for (let index = 0; index < PODS_OF_EACH; index += 1) {
        const startSeconds = ((index * 67 + nodeIndex * 41) % 5_400) + 10
        const seconds = 60 + ((index * 13) % 400)
        const runs = [
          { seconds, exitCode: index % 7 === 0 ? 0 : 1 },
          { seconds: seconds / 2, exitCode: 137, backOffSeconds: 20 },
          { seconds: 0 },
        ]
        tell(journal, node, {
          name: `pod-${String(index).padStart(3, '0')}`,
          startSeconds,
          pullSeconds: index % 5,
          runs,
        })
      }
      return [node, journal.finish()]
    }),
  )
}
