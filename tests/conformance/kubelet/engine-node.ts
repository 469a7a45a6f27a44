/** One node on the real engine for all cases: its lab, and what it and the engine tell, handed to every world. */
import type { Disposable } from '../../../src-main/base/disposable.ts'
import { systemClock } from '../../../src-main/base/clock.ts'
import { LAB_LABEL } from '../../../src-main/common/engine-labels.ts'
import type { NodeView } from '../../../src-main/common/lab/lab-status.ts'
import type { TimelineEntry } from '../../../src-main/common/lab/timeline-entry.ts'
import { createLabManager } from '../../../src-main/lab/create-lab-manager.ts'
import { connectEngine } from '../../../src-main/lab/engine/connect-engine.ts'
import type { Engine, EngineEvent } from '../../../src-main/lab/engine/engine.ts'
import type { LabManager } from '../../../src-main/lab/lab-manager.ts'
import { execIn } from '../../support/engine-api.ts'
import { TestLab } from '../../support/test-lab.ts'

export interface EngineNodeListener {
  onView(view: NodeView): void
  onTimeline(entries: readonly TimelineEntry[]): void
  onEngineEvent(event: EngineEvent): void
}

export class EngineNode implements Disposable {
  readonly lab: TestLab
  readonly folder: string
  readonly #manager: LabManager
  readonly #engine: Engine
  readonly #listeners = new Set<EngineNodeListener>()
  readonly #subscriptions: Disposable[]
  #view: NodeView | undefined

  private constructor(lab: TestLab, folder: string, manager: LabManager, engine: Engine, onWatching: () => void) {
    this.lab = lab
    this.folder = folder
    this.#manager = manager
    this.#engine = engine
    const { name } = lab
    this.#subscriptions = [
      engine.watchEvents(
        { [LAB_LABEL]: name },
        { onEvent: (event) => this.#tell((listener) => listener.onEngineEvent(event)), onReconnected: onWatching },
      ),
      manager.subscribe({
        onNodeChanged: (view) => {
          this.#view = view
          this.#tell((listener) => listener.onView(view))
        },
        onTimelineAdded: (of, entries) => {
          if (of === name) this.#tell((listener) => listener.onTimeline(entries))
        },
      }),
    ]
  }

  /** Makes a lab with one node; resolves when it runs and is watched. */
  static async start(name: string): Promise<EngineNode> {
    const lab = new TestLab(name)
    await lab.ok('up', '--nodes', '1')
    const manager = await createLabManager({ home: lab.home })
    const engine = await connectEngine({ clock: systemClock() })
    const folder = await manager.manifestsPath({ lab: lab.name, node: 'node01' })
    return new Promise((resolve) => {
      const node: EngineNode = new EngineNode(lab, folder, manager, engine, () => resolve(node))
    })
  }

  get container(): string {
    return `node-lab.${this.lab.name}.node01`
  }

  /** What the kubelet said last. */
  get view(): NodeView | undefined {
    return this.#view
  }

  /** Runs a command on the node. */
  async shell(...command: string[]): Promise<string> {
    return execIn(this.container, ...command)
  }

  listen(listener: EngineNodeListener): Disposable {
    this.#listeners.add(listener)
    return { dispose: () => void this.#listeners.delete(listener) }
  }

  async dispose(): Promise<void> {
    for (const subscription of this.#subscriptions) await subscription.dispose()
    await this.#manager.dispose()
    await this.#engine.dispose()
    await this.lab.dispose()
  }

  #tell(say: (listener: EngineNodeListener) => void): void {
    for (const listener of [...this.#listeners]) say(listener)
  }
}
