/** Keeps one session to a node alive: connects, watches over it, and connects again. */
import type { ClientHttp2Session } from 'node:http2'
import type { Clock, Timer } from '../../../base/clock.ts'
import { toDisposable, type Disposable } from '../../../base/disposable.ts'
import { LabError } from '../../../common/lab-error.ts'
import type { Engine } from '../../engine/engine.ts'
import { connectRelay, RelayError, type UnreachableReason } from './relay.ts'

export type ChannelState =
  | { state: 'connecting' }
  | { state: 'open' }
  | { state: 'unreachable'; reason: UnreachableReason; message: string }
  | { state: 'closed' }

const FIRST_DELAY_MS = 100
const LAST_DELAY_MS = 2000
const PING_EVERY_MS = 15_000
const PING_TIMEOUT_MS = 10_000

export class ChannelConnection implements Disposable {
  readonly #engine: Engine
  readonly #container: string
  readonly #clock: Clock
  readonly #stateListeners = new Set<(state: ChannelState) => void>()
  #state: ChannelState = { state: 'connecting' }
  #session: ClientHttp2Session | undefined
  #delayMs = FIRST_DELAY_MS
  #timer: Timer | undefined

  constructor(engine: Engine, container: string, clock: Clock) {
    this.#engine = engine
    this.#container = container
    this.#clock = clock
    void this.#connect()
  }

  get state(): ChannelState {
    return this.#state
  }

  get container(): string {
    return this.#container
  }

  get clock(): Clock {
    return this.#clock
  }

  onDidChangeState(listener: (state: ChannelState) => void): Disposable {
    this.#stateListeners.add(listener)
    return toDisposable(() => void this.#stateListeners.delete(listener))
  }

  /** The open session; while there is none, that of the attempt under way or the next one. @throws LabError Unavailable */
  async session(): Promise<ClientHttp2Session> {
    if (this.#session !== undefined) return this.#session
    if (this.#state.state !== 'closed') {
      await new Promise<void>((resolve) => {
        const subscription = this.onDidChangeState(() => {
          void subscription.dispose()
          resolve()
        })
      })
    }
    if (this.#session !== undefined) return this.#session
    throw this.unavailable()
  }

  unavailable(): LabError {
    const state = this.#state
    if (state.state !== 'unreachable')
      return new LabError({ kind: 'Unavailable', message: `there is no connection to ${this.#container}` })
    return new LabError({
      kind: state.reason === 'EngineGone' ? 'NoEngine' : 'Unavailable',
      message: state.message,
      details: { reason: state.reason },
    })
  }

  dispose(): void {
    if (this.#state.state === 'closed') return
    this.#timer?.cancel()
    this.#session?.destroy()
    this.#session = undefined
    this.#setState({ state: 'closed' })
    this.#stateListeners.clear()
  }

  async #connect(): Promise<void> {
    try {
      const session = await connectRelay(this.#engine, this.#container, this.#clock)
      if (this.#state.state === 'closed') session.destroy()
      else this.#adopt(session)
    } catch (error) {
      if (this.#state.state === 'closed') return
      const reason = error instanceof RelayError ? error.reason : 'NoAnswer'
      const message = error instanceof Error ? error.message : String(error)
      this.#retryLater({ state: 'unreachable', reason, message })
    }
  }

  #adopt(session: ClientHttp2Session): void {
    if (session.destroyed) {
      this.#retryLater({ state: 'connecting' })
      return
    }
    session.once('close', () => {
      if (this.#session !== session) return
      this.#session = undefined
      this.#timer?.cancel()
      this.#retryLater({ state: 'connecting' })
    })
    this.#session = session
    this.#delayMs = FIRST_DELAY_MS
    this.#schedulePing(session)
    this.#setState({ state: 'open' })
  }

  /** An engine that froze or a network that went leaves a session that looks open. */
  #schedulePing(session: ClientHttp2Session): void {
    this.#timer = this.#clock.setTimer(PING_EVERY_MS, () => {
      this.#timer = this.#clock.setTimer(PING_TIMEOUT_MS, () => session.destroy())
      session.ping((error) => {
        if (this.#session !== session || error !== null) return
        this.#timer?.cancel()
        this.#schedulePing(session)
      })
    })
  }

  #retryLater(state: ChannelState): void {
    this.#timer = this.#clock.setTimer(this.#delayMs, () => void this.#connect())
    this.#delayMs = Math.min(this.#delayMs * 2, LAST_DELAY_MS)
    this.#setState(state)
  }

  #setState(state: ChannelState): void {
    this.#state = state
    for (const listener of this.#stateListeners) listener(state)
  }
}
