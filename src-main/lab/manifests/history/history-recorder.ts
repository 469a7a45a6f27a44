/** Keeps the history of manifests up with what kubelets say of their folders, so that other people's edits are in it, too. */
import path from 'node:path'
import type { Disposable } from '../../../base/disposable.ts'
import type { Logger } from '../../../base/logger.ts'
import type { FileVerdict } from '../../../common/lab/file-verdict.ts'
import type { NodeView } from '../../../common/lab/lab-status.ts'
import { MANIFESTS_PATH } from '../../../common/node-channel.ts'
import type { HomeLayout } from '../../store/home.ts'
import { ManifestFolder } from '../manifest-folder.ts'
import type { ManifestHistory } from './manifest-history.ts'

/** A pod may make files by the thousand; the history is for what people write. */
const MAX_FILES = 200

export class HistoryRecorder implements Disposable {
  readonly #history: ManifestHistory
  readonly #layout: HomeLayout
  readonly #logger: Logger
  /** What was last looked at, by node: each file's time and size. */
  readonly #seen = new Map<string, ReadonlyMap<string, string>>()
  /** The newest view of each node that is still to be looked at. */
  readonly #waiting = new Map<string, NodeView>()
  #work: Promise<void> | undefined
  #disposed = false

  constructor(history: ManifestHistory, layout: HomeLayout, logger: Logger) {
    this.#history = history
    this.#layout = layout
    this.#logger = logger
  }

  /** Returns at once; one node is looked at after the other. */
  look(view: NodeView): void {
    if (this.#disposed) return
    this.#waiting.set(`${view.lab}/${view.node}`, view)
    this.#work ??= this.#drain().finally(() => {
      this.#work = undefined
    })
  }

  /** Resolves when all that was to be looked at has been. */
  async settled(): Promise<void> {
    await this.#work
  }

  async dispose(): Promise<void> {
    this.#disposed = true
    this.#waiting.clear()
    await this.settled()
  }

  async #drain(): Promise<void> {
    for (;;) {
      const [next] = this.#waiting
      if (next === undefined) return
      const [key, view] = next
      this.#waiting.delete(key)
      try {
        await this.#record(key, view)
      } catch (error) {
        this.#logger.warn('versions of manifests are not kept', { lab: view.lab, node: view.node, error })
      }
    }
  }

  async #record(key: string, view: NodeView): Promise<void> {
    const files = new Map(
      view.files.filter(isInMountedFolder).map((file) => [file.name, `${file.modifiedAt} ${file.sizeBytes}`] as const),
    )
    const seen = this.#seen.get(key)
    this.#seen.set(key, files)
    // What went while nobody looked is in the history only.
    const known = seen?.keys() ?? (await this.#history.list(view)).map(({ name }) => name)
    const gone = [...new Set(known)].filter((name) => !files.has(name))
    const changed = [...files].filter(([name, mark]) => seen?.get(name) !== mark).map(([name]) => name)
    const folder = new ManifestFolder(this.#layout.manifests(view.lab, view.node))
    await this.#history.look(view, [...gone, ...changed].slice(0, MAX_FILES), folder)
  }
}

/** A kubelet that was pointed at another folder says nothing of this one. */
function isInMountedFolder({ name, path: full, state, origin }: FileVerdict): boolean {
  return origin === undefined && state !== 'ignored' && full === path.posix.join(MANIFESTS_PATH, name)
}
