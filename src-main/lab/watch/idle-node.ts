/** A node whose kubelet cannot be asked: the mounted folder is listed in its place, now and whenever it changes. */
import { watch as watchFolder, type FSWatcher } from 'node:fs'
import type { Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import { toLabErrorData } from '../../common/lab-error.ts'
import type { NodeTarget } from '../../common/ipc/calls.ts'
import type { NodeView } from '../../common/lab/lab-status.ts'
import type { LabContext } from '../lab-context.ts'
import { readUnreadView, type KubeletAbsence } from '../manifests/unread-files.ts'

/** An editor that saves makes several changes at once. */
const SETTLE_MS = 60

export class IdleNode implements Disposable {
  readonly #context: LabContext
  readonly #target: NodeTarget
  readonly #onView: (view: NodeView) => void
  #absence: KubeletAbsence = 'stopped'
  #isStillAway: () => boolean = () => true
  #told = ''
  #watcher: FSWatcher | undefined
  #timer: Timer | undefined
  #disposed = false

  constructor(context: LabContext, target: NodeTarget, onView: (view: NodeView) => void) {
    this.#context = context
    this.#target = target
    this.#onView = onView
  }

  /** Lists the folder and tells what is news. Nothing is told once `isStillAway` is false: the kubelet's own word counts. */
  async look(absence: KubeletAbsence, isStillAway: () => boolean): Promise<void> {
    this.#absence = absence
    this.#isStillAway = isStillAway
    // First the watch, then the listing: nothing falls between the two.
    this.#watcher ??= this.#startWatch()
    await this.#list()
  }

  dispose(): void {
    this.#disposed = true
    this.#timer?.cancel()
    this.#watcher?.close()
  }

  async #list(): Promise<void> {
    const view = await readUnreadView(this.#context, this.#target, this.#absence)
    if (this.#disposed || !this.#isStillAway()) return
    const text = JSON.stringify(view.files.map((file) => ({ ...file, observedAt: '' })))
    if (text === this.#told) return
    this.#told = text
    this.#onView(view)
  }

  /** `undefined` when it cannot be watched (it may not be there yet): the next look tries again. */
  #startWatch(): FSWatcher | undefined {
    const { lab, node } = this.#target
    try {
      const folder = this.#context.store.layout.manifests(lab, node)
      const watcher = watchFolder(folder, { persistent: false }, () => this.#schedule())
      watcher.on('error', () => {
        // The folder has gone: the next look finds out.
        watcher.close()
        if (this.#watcher === watcher) this.#watcher = undefined
      })
      return watcher
    } catch (error) {
      this.#context.logger.info('the manifest folder cannot be watched', { lab, node, error })
      return undefined
    }
  }

  #schedule(): void {
    if (this.#disposed || this.#timer !== undefined) return
    this.#timer = this.#context.clock.setTimer(SETTLE_MS, () => {
      this.#timer = undefined
      this.#list().catch((error: unknown) => {
        this.#context.logger.warn(toLabErrorData(error).message, { ...this.#target })
      })
    })
  }
}
