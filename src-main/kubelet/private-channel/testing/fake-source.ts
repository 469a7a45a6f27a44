/** A kubelet for tests of the private channel: everything is set by the test. */
import { toDisposable } from '../../../base/disposable.ts'
import type { Pod } from '../../../common/api/core.ts'
import type { FileVerdict } from '../../../common/lab/file-verdict.ts'
import type { KubeletInfo } from '../../../common/lab/lab-status.ts'
import type { TimelineEntry } from '../../../common/lab/timeline-entry.ts'
import type {
  ContainerLogFile,
  KubeletChannelSource,
  LogTarget,
  TimelinePosition,
  WatchedPath,
} from '../channel-source.ts'
import { podNotFound } from '../log-errors.ts'

export class FakeChannelSource implements KubeletChannelSource {
  podList: Pod[] = []
  folder: string | null = null
  readonly logFiles = new Map<string, ContainerLogFile>()
  readonly entries: TimelineEntry[] = []
  /** Listeners of any kind that are still there. */
  listeners = 0
  /** How often the view was asked for its pods. */
  reads = 0
  readonly #onChange = new Set<() => void>()
  readonly #onTimeline = new Set<(entries: readonly TimelineEntry[]) => void>()

  kubeletInfo(): KubeletInfo {
    return {
      nodeName: 'node01',
      version: 'v1.35.0',
      boot: 'boot-1',
      startedAt: '2026-01-01T00:00:00Z',
      pid: 7,
      arguments: [],
      staticPodPath: this.folder,
      staticPodPathSource: 'config',
      runtimeReady: true,
    }
  }

  files(): FileVerdict[] {
    return []
  }

  pods(): Pod[] {
    this.reads++
    return this.podList
  }

  watchedPath(): WatchedPath | null {
    return this.folder === null ? null : { kind: 'folder', path: this.folder }
  }

  setPods(...names: string[]): void {
    this.podList = names.map((name) => ({ metadata: { name }, spec: { containers: [] } }))
    for (const listener of this.#onChange) listener()
  }

  addEntries(count: number, pod = 'web'): void {
    const added = Array.from({ length: count }, (_, index) => entry(this.entries.length + index + 1, pod))
    this.entries.push(...added)
    for (const listener of this.#onTimeline) listener(added)
  }

  onDidChange(listener: () => void) {
    return this.#listen(this.#onChange, listener)
  }

  onTimelineAdded(listener: (entries: readonly TimelineEntry[]) => void) {
    return this.#listen(this.#onTimeline, listener)
  }

  timelineAfter(position: TimelinePosition | undefined): TimelineEntry[] {
    if (position?.boot !== 'boot-1') return [...this.entries]
    return this.entries.filter((entry) => entry.sequence > position.sequence)
  }

  async logFile(target: LogTarget): Promise<ContainerLogFile> {
    const log = this.logFiles.get(target.pod)
    if (log === undefined) throw podNotFound(target.pod)
    return log
  }

  #listen<T>(set: Set<T>, listener: T) {
    set.add(listener)
    this.listeners++
    return toDisposable(() => {
      set.delete(listener)
      this.listeners--
    })
  }
}

function entry(sequence: number, pod: string): TimelineEntry {
  return {
    boot: 'boot-1',
    sequence,
    time: '2026-01-01T00:00:00.000Z',
    node: 'node01',
    type: 'Normal',
    subject: 'pod',
    reason: 'PodAdded',
    message: `entry ${sequence}`,
    pod: { namespace: 'default', name: pod, uid: 'u' },
  }
}
