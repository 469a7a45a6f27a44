/** The simulated nodes that run in this process, brought to where the record says: a name more starts one, a name less ends one. */
import { createHash } from 'node:crypto'
import { delay, type Clock } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'

/** 200 that begin at once would all ask the API server at once, now and at each of their periods. */
const START_INTERVAL_MS = 20
/** After which those that could not be started are tried again. */
const RETRY_MS = 1000

export interface SimulatedNodesOptions {
  clock: Clock
  logger: Logger
  /** Names of the nodes that shall run; `undefined`: nobody can tell now. */
  readNames(): readonly string[] | undefined
  /** Text by which a node reaches the API server: another one means that it has to start again. */
  readAccess(name: string): string
  start(name: string): Promise<Disposable>
  /** It runs no more, and will not: its files can go. */
  onRemoved(name: string): void
}

interface RunningNode {
  node: Disposable
  accessHash: string
}

export class SimulatedNodes implements Disposable {
  readonly #options: SimulatedNodesOptions
  readonly #running = new Map<string, RunningNode>()
  readonly #end = new AbortController()
  #work: 'none' | 'busy' | 'busy, and once more' = 'none'
  #done: Promise<void> = Promise.resolve()

  constructor(options: SimulatedNodesOptions) {
    this.#options = options
  }

  /** Names of those that run, in order. */
  get names(): string[] {
    return [...this.#running.keys()].sort()
  }

  /** Reads what shall run and brings it about; a call during that makes it look again. Resolves when all run. */
  sync(): Promise<void> {
    if (this.#work === 'none') this.#done = this.#run()
    else this.#work = 'busy, and once more'
    return this.#done
  }

  async dispose(): Promise<void> {
    this.#end.abort()
    await this.#done
    await Promise.all([...this.#running.values()].map(({ node }) => node.dispose()))
    this.#running.clear()
  }

  async #run(): Promise<void> {
    let outcome: 'done' | 'incomplete'
    do {
      this.#work = 'busy'
      outcome = await this.#bringAbout()
      if (outcome === 'incomplete') await this.#pause()
    } while (this.#isAskedAgain() || (outcome === 'incomplete' && !this.#end.signal.aborted))
    this.#work = 'none'
  }

  async #pause(): Promise<void> {
    await delay(this.#options.clock, RETRY_MS, this.#end.signal).catch(() => undefined)
  }

  #isAskedAgain(): boolean {
    return this.#work === 'busy, and once more' && !this.#end.signal.aborted
  }

  async #bringAbout(): Promise<'done' | 'incomplete'> {
    const { clock, logger, readNames, onRemoved } = this.#options
    const names = readNames()
    if (names === undefined) return 'done'
    let outcome: 'done' | 'incomplete' = 'done'
    const wanted = new Set(names)
    for (const [name, { node }] of [...this.#running]) {
      const isWanted = wanted.has(name)
      if (isWanted && this.#running.get(name)?.accessHash === this.#accessHash(name)) continue
      this.#running.delete(name)
      await node.dispose()
      if (!isWanted) onRemoved(name)
    }
    for (const name of names) {
      if (this.#running.has(name)) continue
      if (this.#end.signal.aborted || this.#isAskedAgain()) return outcome
      try {
        const accessHash = this.#accessHash(name)
        this.#running.set(name, { node: await this.#options.start(name), accessHash })
      } catch (error) {
        logger.error('A simulated node could not be started', { node: name, err: error })
        outcome = 'incomplete'
      }
      await delay(clock, START_INTERVAL_MS)
    }
    return outcome
  }

  /** Empty where it cannot be read: starting the node says why. */
  #accessHash(name: string): string {
    try {
      return createHash('sha256').update(this.#options.readAccess(name)).digest('hex')
    } catch {
      return ''
    }
  }
}
