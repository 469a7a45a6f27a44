/** The one engine connection of a lab manager: found or made when it is first needed, and made again when it has gone. */
import type { Disposable } from '../../base/disposable.ts'
import { toLabErrorData } from '../../common/lab-error.ts'
import type { EngineStatus } from '../../common/lab/lab-status.ts'
import type { Engine } from '../engine/engine.ts'
import type { OnProgress } from '../lab-manager.ts'

export interface EngineProvider {
  /** Finds a usable engine, or makes one where that is possible. @throws NoEngine, Unavailable */
  ensure(options: { onProgress: OnProgress }): Promise<Engine>
  /** Finds a usable engine; starts nothing. @throws NoEngine */
  connect(): Promise<Engine>
  /** What to show as endpoint while there is none. */
  endpointHint: string
}

export class EngineHolder implements Disposable {
  readonly #provider: EngineProvider
  readonly #onReplaced: () => void
  #engine: Engine | undefined
  #connecting: Promise<Engine> | undefined

  /** `onReplaced` is called when what depends on the former connection has to go. */
  constructor(provider: EngineProvider, onReplaced: () => void) {
    this.#provider = provider
    this.#onReplaced = onReplaced
  }

  /** The present connection, or a new one. It is not asked whether the engine still answers. */
  connect(): Promise<Engine> {
    if (this.#engine !== undefined) return Promise.resolve(this.#engine)
    this.#connecting ??= this.#provider
      .connect()
      .then((engine) => this.#adopt(engine))
      .finally(() => (this.#connecting = undefined))
    return this.#connecting
  }

  /** An engine that answers now, made if need be. */
  async ensure(onProgress: OnProgress): Promise<Engine> {
    if (this.#engine !== undefined && (await this.#engine.status()).state === 'ready') return this.#engine
    return this.#adopt(await this.#provider.ensure({ onProgress }))
  }

  /** Never rejects: an engine that is not there is a status too. */
  async status(): Promise<EngineStatus> {
    try {
      return await (await this.connect()).status()
    } catch (error) {
      const { message, remedy, details } = toLabErrorData(error)
      return {
        state: details?.['state'] === 'unsuitable' ? 'unsuitable' : 'unreachable',
        endpoint: this.#provider.endpointHint,
        message: remedy === undefined ? message : `${message}. ${remedy}`,
      }
    }
  }

  async dispose(): Promise<void> {
    const engine = this.#engine
    this.#engine = undefined
    await engine?.dispose()
  }

  #adopt(engine: Engine): Engine {
    const former = this.#engine
    if (former === engine) return engine
    this.#engine = engine
    if (former !== undefined) {
      this.#onReplaced()
      void former.dispose()
    }
    return engine
  }
}
