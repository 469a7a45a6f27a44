/** The engine's events about one node's containers, for as long as the service lives. */
import { delay } from '../../base/clock.ts'
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import { LAB_LABEL, NODE_LABEL } from '../../common/engine-labels.ts'
import { CriError } from '../cri.ts'
import type { EngineClient } from './engine-client.ts'
import type { EngineEvent } from './engine-types.ts'
import type { ServiceOptions } from './service-options.ts'

export type EngineAction = 'create' | 'start' | 'die' | 'destroy'

export interface ContainerEvent {
  action: EngineAction
  containerId: string
  labels: Record<string, string>
  /** Nanoseconds since the epoch. */
  atNs: bigint
}

const ACTIONS: readonly EngineAction[] = ['create', 'start', 'die', 'destroy']
const MIN_RETRY_MS = 100
const MAX_RETRY_MS = 2000
/** After a socket has refused for so long, no engine will listen on it again: one that starts makes another file. */
const DEAD_SOCKET_MS = 3000

/** `undefined` for events of other kinds. Engines before 29 name the fields differently. */
export function parseEngineEvent(line: string): ContainerEvent | undefined {
  const event = JSON.parse(line) as EngineEvent
  const action = ACTIONS.find((known) => known === (event.Action ?? event.status))
  const containerId = event.Actor?.ID ?? event.id
  if (action === undefined || containerId === undefined || event.Type !== 'container') return undefined
  // As text: a JSON number of nanoseconds is beyond what a double holds.
  const atNs = BigInt(/"timeNano":(\d+)/.exec(line)?.[1] ?? '1')
  return { action, containerId, labels: event.Actor?.Attributes ?? {}, atNs }
}

/**
 * Runs until the signal is aborted. `onConnected` is called whenever the stream is open (again), before any event of it
 * is delivered: list what was missed. `onLost` is called when it breaks, and `onDeadSocket` when nobody has listened on
 * the engine's socket for a while: the file that is mounted here is then an old engine's, and only a new start of this
 * container mounts the new one.
 */
export async function followEngineEvents(options: {
  engine: EngineClient
  service: ServiceOptions
  clock: Clock
  logger: Logger
  signal: AbortSignal
  onConnected: () => void
  onLost: () => void
  onDeadSocket: () => void
  onEvent: (event: ContainerEvent) => void
}): Promise<void> {
  const { engine, service, clock, logger, signal } = options
  const filters = JSON.stringify({
    type: ['container'],
    event: ACTIONS,
    label: [`${LAB_LABEL}=${service.lab}`, `${NODE_LABEL}=${service.node}`],
  })
  let retryMs = MIN_RETRY_MS
  let refusedSinceMs: number | undefined
  while (!signal.aborted) {
    try {
      const stream = await engine.stream('/events', { query: { filters }, signal })
      stream.setEncoding('utf8')
      retryMs = MIN_RETRY_MS
      refusedSinceMs = undefined
      options.onConnected()
      let rest = ''
      for await (const chunk of stream) {
        const lines = (rest + (chunk as string)).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) {
          const event = line.trim() === '' ? undefined : parseEngineEvent(line)
          if (event !== undefined) options.onEvent(event)
        }
      }
      if (!signal.aborted) logger.warn('the engine ended its event stream')
    } catch (error) {
      if (!signal.aborted) logger.warn('the engine has no event stream', { error })
      refusedSinceMs = isRefusal(error) ? (refusedSinceMs ?? clock.now()) : undefined
    }
    if (signal.aborted) return
    options.onLost()
    if (refusedSinceMs !== undefined && clock.now() - refusedSinceMs >= DEAD_SOCKET_MS) options.onDeadSocket()
    await delay(clock, retryMs, signal).catch(() => undefined)
    retryMs = Math.min(retryMs * 2, MAX_RETRY_MS)
  }
}

/** The socket's file is there, and nobody listens. */
function isRefusal(error: unknown): boolean {
  const cause = error instanceof CriError ? error.cause : undefined
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ECONNREFUSED'
}
