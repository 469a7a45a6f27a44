/** The app's end of a node's private channel: typed, and connected again by itself (src-main/common/node-channel.ts). */
import { delay, systemClock, type Clock } from '../../../base/clock.ts'
import { toDisposable, type Disposable } from '../../../base/disposable.ts'
import { silentLogger, type Logger } from '../../../base/logger.ts'
import { isLabError } from '../../../common/lab-error.ts'
import type { KubeletInfo } from '../../../common/lab/lab-status.ts'
import type { TimelineEntry } from '../../../common/lab/timeline-entry.ts'
import type { ChannelView, ManifestListing } from '../../../common/node-channel.ts'
import type { Engine } from '../../engine/engine.ts'
import { ChannelConnection, type ChannelState } from './channel-connection.ts'
import { exchange, streamLines, streamText } from './channel-exchange.ts'

export type { ChannelState } from './channel-connection.ts'

export interface TimelinePosition {
  boot: string
  sequence: number
}

export interface ChannelLogTarget {
  namespace: string
  pod: string
  container: string
}

export interface ChannelLogOptions {
  follow?: boolean
  tailLines?: number
  previous?: boolean
  timestamps?: boolean
  /** RFC 3339. */
  sinceTime?: string
  signal?: AbortSignal
}

/**
 * Methods reject with the kubelet's `LabError`, or with `Unavailable` (`details.reason` says why) when an attempt to reach
 * it has just failed. Watches outlive every loss of the connection.
 */
export interface NodeChannel extends Disposable {
  readonly state: ChannelState
  /** Calls back at every change, not for the present state. */
  onDidChangeState(listener: (state: ChannelState) => void): Disposable
  kubelet(): Promise<KubeletInfo>
  view(): Promise<ChannelView>
  /** Calls back with the view now, whenever it changes, and after every reconnection. */
  watchView(onView: (view: ChannelView) => void): Disposable
  /** Entries behind the position, oldest first. */
  timeline(after?: TimelinePosition): Promise<TimelineEntry[]>
  /** Calls back with all entries behind the position and then as they come; each one once, over reconnections too. */
  watchTimeline(after: TimelinePosition | undefined, onEntries: (entries: TimelineEntry[]) => void): Disposable
  /** Ends with the log, or quietly at the signal. */
  logs(target: ChannelLogTarget, options?: ChannelLogOptions): AsyncIterable<string>
  listManifests(): Promise<ManifestListing>
  readManifest(name: string): Promise<Buffer>
  /** Writes by rename into the folder that the kubelet watches. */
  writeManifest(name: string, content: string | Buffer): Promise<void>
  removeManifest(name: string): Promise<void>
}

export interface NodeChannelOptions {
  clock?: Clock
  logger?: Logger
}

/** How long a watch that was refused or broke off waits before it is asked for again on the same connection. */
const WATCH_RETRY_MS = 500

/** Begins to connect at once and goes on until it is disposed. `container` is the node container's name or id. */
export function openNodeChannel(engine: Engine, container: string, options: NodeChannelOptions = {}): NodeChannel {
  const clock = options.clock ?? systemClock()
  const logger = options.logger ?? silentLogger
  const connection = new ChannelConnection(engine, container, clock)
  const watches = new Set<Disposable>()

  const readJson = async <T>(path: string): Promise<T> => {
    const content = await exchange(connection, 'GET', path)
    return JSON.parse(content.toString('utf8')) as T
  }
  const watch = (pathNow: () => string, onLines: (lines: string[]) => void): Disposable => {
    const ended = new AbortController()
    const subscription = toDisposable(() => {
      ended.abort()
      watches.delete(subscription)
    })
    watches.add(subscription)
    void runWatch({ connection, clock, logger, signal: ended.signal, pathNow, onLines })
    return subscription
  }

  return {
    get state() {
      return connection.state
    },
    onDidChangeState: (listener) => connection.onDidChangeState(listener),
    kubelet: () => readJson<KubeletInfo>('/v1/kubelet'),
    view: () => readJson<ChannelView>('/v1/view'),
    watchView: (onView) =>
      watch(
        () => '/v1/view?watch=1',
        (lines) => {
          // Each line is the whole view: only the newest counts.
          const newest = lines.at(-1)
          if (newest !== undefined) onView(JSON.parse(newest) as ChannelView)
        },
      ),
    async timeline(after) {
      const content = await exchange(connection, 'GET', timelinePath(after, false))
      return parseEntries(content.toString('utf8').split('\n'))
    },
    watchTimeline(after, onEntries) {
      let position = after
      return watch(
        () => timelinePath(position, true),
        (lines) => {
          const entries = parseEntries(lines)
          const last = entries.at(-1)
          if (last === undefined) return
          position = { boot: last.boot, sequence: last.sequence }
          onEntries(entries)
        },
      )
    },
    logs: (target, logOptions = {}) => streamText(connection, logPath(target, logOptions), logOptions.signal),
    listManifests: () => readJson<ManifestListing>('/v1/manifests'),
    readManifest: (name) => exchange(connection, 'GET', manifestPath(name)),
    async writeManifest(name, content) {
      await exchange(connection, 'PUT', manifestPath(name), Buffer.from(content))
    },
    async removeManifest(name) {
      await exchange(connection, 'DELETE', manifestPath(name))
    },
    dispose() {
      for (const subscription of watches) void subscription.dispose()
      connection.dispose()
    },
  }
}

interface WatchRun {
  connection: ChannelConnection
  clock: Clock
  logger: Logger
  signal: AbortSignal
  pathNow: () => string
  onLines: (lines: string[]) => void
}

async function runWatch({ connection, clock, logger, signal, pathNow, onLines }: WatchRun): Promise<void> {
  while (!signal.aborted && connection.state.state !== 'closed') {
    try {
      for await (const lines of streamLines(connection, pathNow(), signal)) if (!signal.aborted) onLines(lines)
    } catch (error) {
      // While the node is unreachable every attempt ends here; the state listeners are told of that.
      if (!isLabError(error) || error.kind !== 'Unavailable')
        logger.warn('A watch of a node failed', { container: connection.container, err: error })
    }
    // Without a session the next attempt paces the loop; with one, a refusal must not be asked for in a hurry.
    if (connection.state.state === 'open') await pause(connection, clock, signal)
  }
}

/** Ends early when the connection changes: most watches break off because it did. */
async function pause(connection: ChannelConnection, clock: Clock, signal: AbortSignal): Promise<void> {
  const changed = new AbortController()
  const subscription = connection.onDidChangeState(() => changed.abort())
  await delay(clock, WATCH_RETRY_MS, AbortSignal.any([signal, changed.signal])).catch(() => undefined) // cut short
  await subscription.dispose()
}

function parseEntries(lines: string[]): TimelineEntry[] {
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as TimelineEntry)
}

function timelinePath(after: TimelinePosition | undefined, watch: boolean): string {
  const query = new URLSearchParams()
  if (after !== undefined) query.set('after', `${after.boot}:${after.sequence}`)
  if (watch) query.set('watch', '1')
  return `/v1/timeline?${query}`
}

function logPath({ namespace, pod, container }: ChannelLogTarget, options: ChannelLogOptions): string {
  const query = new URLSearchParams()
  if (options.follow) query.set('follow', '1')
  if (options.previous) query.set('previous', '1')
  if (options.timestamps) query.set('timestamps', '1')
  if (options.tailLines !== undefined) query.set('tailLines', String(options.tailLines))
  if (options.sinceTime !== undefined) query.set('sinceTime', options.sinceTime)
  return `/v1/logs/${[namespace, pod, container].map(encodeURIComponent).join('/')}?${query}`
}

function manifestPath(name: string): string {
  return `/v1/manifests/${encodeURIComponent(name)}`
}
