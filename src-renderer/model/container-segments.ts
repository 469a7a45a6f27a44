/**
 * What a pod's containers were in at which time, read from the pod's timeline entries: the one model behind the lanes of the
 * Timeline page and the strips of a pod's lifecycle. Pure; times in milliseconds since the epoch.
 */
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'

/** As the status of a container has them; `backOff` is a waiting in which the kubelet lets time pass before it tries again. */
export type ContainerState = 'waiting' | 'running' | 'backOff' | 'terminated'

export interface ContainerSegment {
  container: string
  state: ContainerState
  startMs: number
  /** Absent while it lasts. */
  endMs?: number
  /** As `kubectl get pods` words it: `ContainerCreating`, `ErrImagePull`, `CrashLoopBackOff`, `Completed`, `OOMKilled`, … */
  reason?: string
  /** Of a terminated one whose end was seen; a node that lost power saw nothing. */
  exitCode?: number
  restartCount?: number
  /** When a back-off ends. */
  untilMs?: number
  /** What began it. */
  entry: TimelineEntry
}

/** Shown until more is known, as by kubectl. */
const CREATING = 'ContainerCreating'
const PULLING = 'Pulling'
const NODE_RESTARTED = 'NodeRestarted'

/** A back-off of images says `Failed` of the container, too, and is not over by that. */
const FAILED_WORD = /^Error: (\w+)$/

interface Container {
  /** Index of its newest segment. */
  index: number
  containerId?: string
}

/** One pod of that name: an edited manifest makes another one. */
interface Life {
  /** Says that the pod has to be run. */
  added?: TimelineEntry
  containers: Map<string, Container>
}

/**
 * Takes entries of one pod, by name (every UID that it had), in the order of the node's journal; beside them may stand the
 * entries about the node's kubelet, which tell when the node started anew. Everything else is passed over.
 */
export class ContainerSegmentTracker {
  readonly #segments: ContainerSegment[] = []
  readonly #lives = new Map<string, Life>()
  /** When the newest segment of each container ended: an edited pod's next life has to wait for its former one. */
  readonly #endedMs = new Map<string, number>()
  #last: TimelineEntry | undefined

  /** Of each container in the order of time; what is over never changes any more. */
  get segments(): readonly ContainerSegment[] {
    return this.#segments
  }

  add(entry: TimelineEntry): void {
    if (this.#last !== undefined && this.#last.boot !== entry.boot) this.#endBoot(this.#last, entry)
    this.#last = entry
    if (entry.pod === undefined) return
    const life = this.#lives.get(entry.pod.uid) ?? { containers: new Map<string, Container>() }
    this.#lives.set(entry.pod.uid, life)
    if (entry.subject === 'pod') this.#addOfPod(life, entry)
    else if (entry.subject === 'image') this.#addOfImage(life, entry)
    else if (entry.subject === 'container') this.#addOfContainer(life, entry)
  }

  #addOfPod(life: Life, entry: TimelineEntry): void {
    if (entry.reason === 'PodAdded') life.added ??= entry
    else if (entry.reason === 'PodRemoved') delete life.added
    else if (entry.reason === 'PodGone') {
      for (const container of life.containers.values()) this.#end(container, timeOf(entry))
      life.containers.clear()
    }
  }

  #addOfImage(life: Life, entry: TimelineEntry): void {
    switch (entry.reason) {
      case 'Pulling':
        return this.#begin(life, entry, { state: 'waiting', reason: PULLING })
      case 'Pulled':
        return this.#begin(life, entry, { state: 'waiting', reason: CREATING })
      case 'Failed':
        return this.#begin(life, entry, { state: 'waiting', reason: 'ErrImagePull' })
      case 'ErrImageNeverPull':
        return this.#begin(life, entry, { state: 'waiting', reason: 'ErrImageNeverPull' })
      case 'InspectFailed':
        return this.#begin(life, entry, { state: 'waiting', reason: 'ImageInspectError' })
      case 'BackOff':
        return this.#begin(life, entry, { state: 'backOff', reason: 'ImagePullBackOff', ...backOffOf(entry) })
      default:
    }
  }

  #addOfContainer(life: Life, entry: TimelineEntry): void {
    switch (entry.reason) {
      case 'Created':
        return this.#begin(life, entry, { state: 'waiting', reason: CREATING })
      case 'Started':
        return this.#start(life, entry)
      case 'ContainerDied':
        return this.#terminate(life, entry, textOf(entry, 'terminationReason'))
      case 'ContainerRemoved':
        return this.#terminate(life, entry, entry.reason)
      case 'BackOff':
        return this.#begin(life, entry, { state: 'backOff', reason: 'CrashLoopBackOff', ...backOffOf(entry) })
      case 'Failed':
        return this.#fail(life, entry)
      default:
    }
  }

  #start(life: Life, entry: TimelineEntry): void {
    const containerId = textOf(entry, 'containerId')
    const known = this.#newest(life, entry)
    // The end of a very short run may be told before its start.
    if (known?.segment.state === 'terminated' && containerId !== undefined && known.containerId === containerId) return
    this.#begin(life, entry, { state: 'running', ...restartsOf(entry) }, containerId)
  }

  #terminate(life: Life, entry: TimelineEntry, reason: string | undefined): void {
    const containerId = textOf(entry, 'containerId')
    const known = this.#newest(life, entry)
    const isOfEarlierRun =
      known?.segment.state === 'running' && containerId !== undefined && known.containerId !== containerId
    if (isOfEarlierRun) return
    const exitCode = numberOf(entry, 'exitCode')
    const particulars = { ...(reason !== undefined && { reason }), ...(exitCode !== undefined && { exitCode }) }
    this.#begin(life, entry, { state: 'terminated', ...particulars, ...restartsOf(entry) }, containerId)
  }

  #fail(life: Life, entry: TimelineEntry): void {
    const state = this.#newest(life, entry)?.segment.state
    if (state === 'backOff' || state === 'running') return
    this.#begin(life, entry, { state: 'waiting', reason: FAILED_WORD.exec(entry.message)?.[1] ?? 'Failed' })
  }

  #newest(life: Life, { container }: TimelineEntry): { segment: ContainerSegment; containerId?: string } | undefined {
    const known = container === undefined ? undefined : life.containers.get(container)
    const segment = known === undefined ? undefined : this.#segments[known.index]
    return segment === undefined ? undefined : { ...known, segment }
  }

  /** The same state for the same reason goes on; what there was of another one ends. */
  #begin(
    life: Life,
    entry: TimelineEntry,
    state: Omit<ContainerSegment, 'container' | 'startMs' | 'entry'>,
    containerId?: string,
  ): void {
    const { container: name } = entry
    if (name === undefined) return
    const startMs = timeOf(entry)
    const known = life.containers.get(name)
    const newest = known === undefined ? undefined : this.#segments[known.index]
    if (known !== undefined && newest?.state === state.state && newest.reason === state.reason) {
      if (state.state === 'waiting') return
      if (newest.untilMs !== undefined && newest.untilMs === state.untilMs) return
    }
    if (known !== undefined) this.#end(known, startMs)
    else if (life.added !== undefined) this.#waitSince(life.added, name, startMs)
    const segment = { container: name, startMs, entry, ...state }
    this.#segments.push(segment)
    life.containers.set(name, { index: this.#segments.length - 1, ...(containerId !== undefined && { containerId }) })
  }

  /** Before its first entry a container waits for what comes first: volumes, the sandbox, init containers. */
  #waitSince(added: TimelineEntry, container: string, endMs: number): void {
    const startMs = Math.max(timeOf(added), this.#endedMs.get(container) ?? -Infinity)
    if (startMs < endMs) this.#segments.push({ container, state: 'waiting', startMs, endMs, entry: added })
  }

  #end({ index }: Container, endMs: number): void {
    const segment = this.#segments[index]
    if (segment === undefined || segment.endMs !== undefined) return
    const end = Math.max(segment.startMs, endMs)
    this.#segments[index] = { ...segment, endMs: end }
    this.#endedMs.set(segment.container, end)
  }

  /** No container outlives its node, but a power cut tells nobody of their end. */
  #endBoot(last: TimelineEntry, entry: TimelineEntry): void {
    const endMs = timeOf(last.reason === 'KubeletStopping' ? last : entry)
    for (const { containers } of this.#lives.values()) {
      for (const [name, known] of containers) {
        if (this.#segments[known.index]?.state === 'terminated') continue
        this.#end(known, endMs)
        this.#segments.push({ container: name, state: 'terminated', startMs: endMs, reason: NODE_RESTARTED, entry })
        known.index = this.#segments.length - 1
      }
    }
  }
}

/** All at once; see `ContainerSegmentTracker` for what it takes. */
export function computeContainerSegments(entries: readonly TimelineEntry[]): readonly ContainerSegment[] {
  const tracker = new ContainerSegmentTracker()
  for (const entry of entries) tracker.add(entry)
  return tracker.segments
}

function timeOf({ time }: TimelineEntry): number {
  return Date.parse(time)
}

function textOf({ details }: TimelineEntry, name: string): string | undefined {
  const value = details?.[name]
  return typeof value === 'string' ? value : undefined
}

function numberOf({ details }: TimelineEntry, name: string): number | undefined {
  const value = details?.[name]
  return typeof value === 'number' ? value : undefined
}

function restartsOf(entry: TimelineEntry): { restartCount?: number } {
  const restartCount = numberOf(entry, 'restartCount')
  return restartCount === undefined ? {} : { restartCount }
}

function backOffOf(entry: TimelineEntry): { untilMs?: number; restartCount?: number } {
  const untilMs = Date.parse(textOf(entry, 'until') ?? '')
  return { ...(Number.isFinite(untilMs) && { untilMs }), ...restartsOf(entry) }
}
