/**
 * Live changes of all labs of a home. Engine events and changed folders only say *look again*; what is told is read anew
 * and compared with what was told before, so a lost event delays, and never lies.
 */
import { mkdirSync, watch as watchFolder, type FSWatcher } from 'node:fs'
import type { Timer } from '../../base/clock.ts'
import { DisposableStore, toDisposable, type Disposable } from '../../base/disposable.ts'
import { toLabErrorData } from '../../common/lab-error.ts'
import { HOME_LABEL, LAB_LABEL, ROLE_LABEL } from '../../common/engine-labels.ts'
import type { NodeTarget } from '../../common/ipc/calls.ts'
import type { EngineStatus, LabStatus, NodeStatus, NodeView } from '../../common/lab/lab-status.ts'
import type { Engine, EngineEvent } from '../engine/engine.ts'
import type { LabContext } from '../lab-context.ts'
import type { LabManagerEvents } from '../lab-manager.ts'
import { IdleNode } from './idle-node.ts'
import { NodeWatch } from './node-watch.ts'

/** Events come in swarms: a starting node makes a dozen. */
const SETTLE_MS = 60
/** Without a word from the engine it is looked at anyway, so that a lost event is healed. */
const RELIST_MS = 15_000
/** A kubelet that restarts is back sooner: what it last said stays for so long. */
const AWAY_GRACE_MS = 3000
const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 5000

export interface LabReader {
  list(): Promise<LabStatus[]>
}

export interface LabWatchEvents extends Required<Omit<LabManagerEvents, 'onClusterChanged' | 'onActionsAdded'>> {
  /** All labs as they are now, whether or not that is news. */
  onLabsRead(labs: readonly LabStatus[]): void
}

export class LabWatch implements Disposable {
  readonly #context: LabContext
  readonly #reader: LabReader
  readonly #events: LabWatchEvents
  readonly #owned = new DisposableStore()
  readonly #nodes = new Map<string, NodeWatch>()
  /** Nodes whose kubelet cannot be asked now. */
  readonly #idle = new Map<string, { folder: IdleNode; sinceMs: number }>()
  #told = new Map<string, string>()
  #toldEngine = ''
  #engine: Engine | undefined
  #engineWatch: Disposable | undefined
  #timer: Timer | undefined
  #dueMs = Number.POSITIVE_INFINITY
  #retryMs = FIRST_RETRY_MS
  #looking = false
  #lookAgain = false
  #disposed = false

  constructor(context: LabContext, reader: LabReader, events: LabWatchEvents) {
    this.#context = context
    this.#reader = reader
    this.#events = events
    this.#watchHome()
    this.#schedule(0)
  }

  /** Something may have changed. */
  poke(): void {
    this.#schedule(SETTLE_MS)
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return
    this.#disposed = true
    this.#timer?.cancel()
    for (const node of this.#nodes.values()) node.dispose()
    this.#nodes.clear()
    for (const { folder } of this.#idle.values()) folder.dispose()
    this.#idle.clear()
    await this.#engineWatch?.dispose()
    await this.#owned.dispose()
  }

  /** Labs that another process makes or deletes without a container. */
  #watchHome(): void {
    const { labs } = this.#context.store.layout
    let watcher: FSWatcher
    try {
      mkdirSync(labs, { recursive: true })
      watcher = watchFolder(labs, { persistent: false }, () => this.poke())
    } catch (error) {
      // The periodic look finds the same, later.
      this.#context.logger.warn('the folder of the labs cannot be watched', { error })
      return
    }
    watcher.on('error', (error) =>
      this.#context.logger.warn('the folder of the labs is not watched any more', { error }),
    )
    this.#owned.add(toDisposable(() => watcher.close()))
  }

  #schedule(delayMs: number): void {
    if (this.#disposed) return
    const dueMs = this.#context.clock.now() + delayMs
    if (this.#timer !== undefined && this.#dueMs <= dueMs) return
    this.#timer?.cancel()
    this.#dueMs = dueMs
    this.#timer = this.#context.clock.setTimer(delayMs, () => {
      this.#timer = undefined
      void this.#look()
    })
  }

  /** One look at a time; a change during it makes one more. */
  async #look(): Promise<void> {
    if (this.#looking) {
      this.#lookAgain = true
      return
    }
    this.#looking = true
    try {
      await this.#lookOnce()
      this.#retryMs = FIRST_RETRY_MS
      this.#schedule(this.#lookAgain ? SETTLE_MS : RELIST_MS)
    } catch (error) {
      this.#context.logger.warn('the labs cannot be read now', { error: toLabErrorData(error).message })
      this.#schedule(this.#retryMs)
      this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS)
    } finally {
      this.#looking = false
      this.#lookAgain = false
    }
  }

  async #lookOnce(): Promise<void> {
    const engineStatus = await this.#context.engines.status()
    if (this.#disposed) return
    this.#tellEngine(engineStatus)
    if (engineStatus.state === 'ready') await this.#followEngine()
    const heardBefore = new Map<NodeWatch, NodeView>()
    for (const watch of this.#nodes.values()) if (watch.lastView !== undefined) heardBefore.set(watch, watch.lastView)
    const labs = await this.#reader.list()
    if (this.#disposed) return
    this.#tellLabs(labs)
    this.#events.onLabsRead(labs)
    this.#followNodes(labs)
    await this.#followIdleNodes(labs, heardBefore)
    if (engineStatus.state !== 'ready') throw new Error(engineStatus.message ?? 'the engine is not ready')
  }

  async #followEngine(): Promise<void> {
    const engine = await this.#context.engines.connect()
    if (engine === this.#engine) return
    await this.#engineWatch?.dispose()
    this.#engine = engine
    this.#engineWatch = engine.watchEvents(
      { [LAB_LABEL]: true },
      {
        onEvent: (event) => {
          if (this.#concernsUs(event)) this.poke()
        },
        onReconnected: () => this.poke(),
      },
    )
    if (this.#disposed) void this.#engineWatch.dispose()
  }

  /** Execs are our own relays; pods are told of by their kubelets. */
  #concernsUs({ type, action, attributes }: EngineEvent): boolean {
    if (type !== 'container' || action.startsWith('exec_')) return type !== 'container'
    const role = attributes[ROLE_LABEL]
    if (role !== 'node' && role !== 'runtime' && role !== 'simulated') return false
    return attributes[HOME_LABEL] === undefined || attributes[HOME_LABEL] === this.#context.store.layout.home
  }

  #tellEngine(status: EngineStatus): void {
    const text = JSON.stringify(status)
    if (text === this.#toldEngine) return
    this.#toldEngine = text
    this.#events.onEngineChanged(status)
  }

  #tellLabs(labs: readonly LabStatus[]): void {
    const told = new Map(labs.map((lab) => [lab.name, JSON.stringify(lab)]))
    const before = this.#told
    this.#told = told
    for (const lab of labs) if (before.get(lab.name) !== told.get(lab.name)) this.#events.onLabChanged(lab)
    for (const name of before.keys()) if (!told.has(name)) this.#events.onLabGone(name)
  }

  /** A watch for every node that runs or is about to. */
  #followNodes(labs: readonly LabStatus[]): void {
    const engine = this.#engine
    if (engine === undefined) return
    const running = new Map<string, { lab: string; node: string }>()
    for (const lab of labs) {
      for (const node of lab.nodes) {
        const isUp = node.state === 'running' || node.state === 'starting'
        if (isUp) running.set(`${lab.name}/${node.name}`, { lab: lab.name, node: node.name })
      }
    }
    for (const [key, watch] of this.#nodes) {
      const stillRuns = running.has(key)
      if (stillRuns && watch.engine === engine) continue
      watch.dispose()
      this.#nodes.delete(key)
      if (!stillRuns) this.#context.channels.close(watch.lab, watch.node)
    }
    for (const [key, target] of running) {
      if (this.#nodes.has(key)) continue
      const channel = this.#context.channels.get(engine, target.lab, target.node)
      this.#nodes.set(key, new NodeWatch(target, engine, channel, this.#events, () => this.poke()))
    }
  }

  /**
   * The folders of nodes whose kubelet cannot be asked. `heardBefore`: what the kubelets had said when the labs began to be
   * read; anything later is newer than a status that calls a kubelet away.
   */
  async #followIdleNodes(labs: readonly LabStatus[], heardBefore: ReadonlyMap<NodeWatch, NodeView>): Promise<void> {
    const away = new Map<string, { lab: string; node: NodeStatus }>()
    for (const lab of labs) {
      for (const node of lab.nodes) {
        const isAway = node.state !== 'running' || node.kubelet !== 'running'
        if (isAway) away.set(`${lab.name}/${node.name}`, { lab: lab.name, node })
      }
    }
    for (const [key, { folder }] of this.#idle) {
      if (away.has(key)) continue
      folder.dispose()
      this.#idle.delete(key)
      const lastView = this.#nodes.get(key)?.lastView
      // One that was only slow to answer has no reason to say again what it said before.
      if (lastView !== undefined) this.#events.onNodeChanged(lastView)
    }
    for (const [key, { lab, node }] of away) {
      const watch = this.#nodes.get(key)
      const heard = watch && heardBefore.get(watch)
      const idle = this.#idle.get(key) ?? this.#newIdle({ lab, node: node.name })
      this.#idle.set(key, idle)
      const graceMs = idle.sinceMs + AWAY_GRACE_MS - this.#context.clock.now()
      if (heard !== undefined && graceMs > 0) {
        this.#schedule(graceMs)
        continue
      }
      const absence = node.kubelet === 'unreachable' ? 'unreachable' : 'stopped'
      await idle.folder.look(absence, () => this.#nodes.get(key) === watch && watch?.lastView === heard)
    }
  }

  #newIdle(target: NodeTarget): { folder: IdleNode; sinceMs: number } {
    const folder = new IdleNode(this.#context, target, (view) => {
      if (!this.#disposed) this.#events.onNodeChanged(view)
    })
    return { folder, sinceMs: this.#context.clock.now() }
  }
}
