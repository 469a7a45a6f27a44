/**
 * The two watches. Nothing is queued for a client: while it does not take what it was sent, changes only mark that
 * there is something newer, and the next write reads the present. A client that takes nothing for too long is dropped.
 */
import type { ServerHttp2Stream } from 'node:http2'
import type { Clock, Timer } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import type { ChannelView } from '../../common/node-channel.ts'
import type { TimelineFilter } from './channel-request.ts'
import type { KubeletChannelSource, TimelinePosition } from './channel-source.ts'

const COALESCE_MS = 100
/** How long a client may leave a full pipe untouched. */
const STALLED_MS = 30_000
/** Entries in one write. */
const TIMELINE_BATCH = 500

export function readView(source: KubeletChannelSource, clock: Clock): ChannelView {
  return {
    kubelet: source.kubeletInfo(),
    files: source.files(),
    pods: source.pods(),
    observedAt: new Date(clock.now()).toISOString(),
  }
}

/** Sends the view now, and again as a whole at most every 100 ms while it changes. */
export function watchView(stream: ServerHttp2Stream, source: KubeletChannelSource, clock: Clock): Disposable {
  return startWatch(stream, clock, COALESCE_MS, {
    take: () => ({ text: `${JSON.stringify(readView(source, clock))}\n`, more: false }),
    subscribe: (notify) => source.onDidChange(notify),
  })
}

/** Sends all entries behind the position, and each later one at once. */
export function watchTimeline(
  stream: ServerHttp2Stream,
  source: KubeletChannelSource,
  clock: Clock,
  request: { after: TimelinePosition | undefined; filter: TimelineFilter },
): Disposable {
  let position = request.after
  return startWatch(stream, clock, 0, {
    take() {
      const entries = source.timelineAfter(position)
      const batch = entries.slice(0, TIMELINE_BATCH)
      const last = batch.at(-1)
      if (last !== undefined) position = { boot: last.boot, sequence: last.sequence }
      return { text: timelineLines(batch, request.filter), more: entries.length > batch.length }
    },
    subscribe: (notify) => source.onTimelineAdded(notify),
  })
}

export function timelineLines(entries: readonly TimelineEntry[], filter: TimelineFilter): string {
  return entries
    .filter((entry) => matches(entry, filter))
    .map((entry) => `${JSON.stringify(entry)}\n`)
    .join('')
}

function matches(entry: TimelineEntry, { namespace, pod }: TimelineFilter): boolean {
  if (namespace !== undefined && entry.pod?.namespace !== namespace) return false
  return pod === undefined || entry.pod?.name === pod
}

interface WatchSource {
  /** What is new; `more` when there is something beyond it. */
  take(): { text: string; more: boolean }
  subscribe(notify: () => void): Disposable
}

function startWatch(stream: ServerHttp2Stream, clock: Clock, coalesceMs: number, source: WatchSource): Disposable {
  const owned = new DisposableStore()
  let state: 'idle' | 'scheduled' | 'stalled' = 'idle'
  let changed = false
  let nextWriteAt = clock.now()
  let timer: Timer | undefined
  const end = (): void => {
    timer?.cancel()
    void owned.dispose()
  }
  const schedule = (): void => {
    changed = true
    if (state !== 'idle') return
    state = 'scheduled'
    timer = clock.setTimer(Math.max(0, nextWriteAt - clock.now()), write)
  }
  const write = (): void => {
    state = 'idle'
    changed = false
    nextWriteAt = clock.now() + coalesceMs
    const { text, more } = source.take()
    if (more) changed = true
    if (text !== '' && !stream.write(text)) {
      state = 'stalled'
      timer = clock.setTimer(STALLED_MS, () => stream.close(8 /* CANCEL */))
    } else if (changed) schedule()
  }
  stream.on('drain', () => {
    if (state !== 'stalled') return
    timer?.cancel()
    state = 'idle'
    if (changed) schedule()
  })
  stream.on('close', end)
  owned.add(source.subscribe(schedule))
  write()
  return { dispose: end }
}
