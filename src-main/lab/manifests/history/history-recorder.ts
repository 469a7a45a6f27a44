/** Keeps the history of manifests up with what kubelets say of their folders, so that other people's edits are in it, too. */
import path from 'node:path'
import type { Disposable } from '../../../base/disposable.ts'
import type { Logger } from '../../../base/logger.ts'
import type { NodeTarget } from '../../../common/ipc/calls.ts'
import type { FileVerdict } from '../../../common/lab/file-verdict.ts'
import type { NodeView } from '../../../common/lab/lab-status.ts'
import { MANIFESTS_PATH } from '../../../common/node-channel.ts'
import type { HomeLayout } from '../../store/home.ts'
import { ManifestFolder } from '../manifest-folder.ts'
import type { HistoryTarget, ManifestReader } from '../manifest-place.ts'
import type { ManifestHistory } from './manifest-history.ts'

/** A pod may make files by the thousand; the history is for what people write. */
const MAX_FILES = 200

/** Reads what the node's kubelet reads. */
export type ReadOnNode = (target: NodeTarget, name: string) => Promise<Buffer>

export class HistoryRecorder implements Disposable {
  readonly #history: ManifestHistory
  readonly #layout: HomeLayout
  readonly #logger: Logger
  readonly #readOnNode: ReadOnNode
  /** What was last recorded, by node: each file's time and size. */
  readonly #seen = new Map<string, ReadonlyMap<string, string>>()
  /** The newest view of each node that the next pass looks at. */
  readonly #waiting = new Map<string, NodeView>()
  #pass: Promise<void> | undefined
  #disposed = false

  constructor(history: ManifestHistory, layout: HomeLayout, logger: Logger, readOnNode: ReadOnNode) {
    this.#readOnNode = readOnNode
    this.#history = history
    this.#layout = layout
    this.#logger = logger
  }

  /** Returns at once; one node is looked at after the other. */
  look(view: NodeView): void {
    if (this.#disposed) return
    this.#waiting.set(`${view.lab}/${view.node}`, view)
    if (this.#pass === undefined) this.#startPass()
  }

  /** Resolves when all that waits now has been looked at; what comes meanwhile, which may never end, is not waited for. */
  async settled(): Promise<void> {
    const isWaiting = this.#waiting.size > 0
    await this.#pass
    if (isWaiting) await this.#pass
  }

  async dispose(): Promise<void> {
    this.#disposed = true
    this.#waiting.clear()
    await this.settled()
  }

  #startPass(): void {
    const views = [...this.#waiting]
    this.#waiting.clear()
    this.#pass = Promise.resolve()
      .then(() => this.#lookAt(views))
      .finally(() => {
        this.#pass = undefined
        if (this.#waiting.size > 0) this.#startPass()
      })
  }

  async #lookAt(views: readonly (readonly [string, NodeView])[]): Promise<void> {
    for (const [key, view] of views) {
      if (this.#disposed) return
      try {
        await this.#record(key, view)
      } catch (error) {
        this.#logger.warn('versions of manifests are not kept', { lab: view.lab, node: view.node, error })
      }
    }
  }

  async #record(key: string, view: NodeView): Promise<void> {
    const { lab, node } = view
    const target = { lab, node }
    const kept = view.files.filter(isKept)
    const mounted = new ManifestFolder(this.#layout.manifests(lab, node))
    await this.#recordFolder(key, target, kept.filter(isInMountedFolder), mounted)
    const onNode: ManifestReader = { read: (name) => this.#readOnNode(target, name) }
    // One folder, or one file: a kubelet reads no more than that.
    const moved = kept.filter((file) => !isInMountedFolder(file))
    const [first] = moved
    if (first === undefined) return
    const folder = path.posix.dirname(first.path)
    await this.#recordFolder(`${key}:${folder}`, { ...target, folder }, moved, onNode)
  }

  async #recordFolder(
    key: string,
    target: HistoryTarget,
    verdicts: readonly FileVerdict[],
    folder: ManifestReader,
  ): Promise<void> {
    const files = new Map(verdicts.map((file) => [file.name, `${file.modifiedAt} ${file.sizeBytes}`] as const))
    const before = this.#seen.get(key) ?? (await this.#readKnown(target))
    const gone = [...before.keys()].filter((name) => !files.has(name))
    const changed = [...files].filter(([name, mark]) => before.get(name) !== mark).map(([name]) => name)
    const names = [...gone, ...changed].slice(0, MAX_FILES)
    await this.#history.look(target, names, folder)
    const seen = new Map(before)
    for (const name of names) {
      const mark = files.get(name)
      if (mark === undefined) seen.delete(name)
      else seen.set(name, mark)
    }
    this.#seen.set(key, seen)
  }

  /** What went while nobody looked is in the history only. */
  async #readKnown(target: HistoryTarget): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.#history.list(target)).map(({ name }) => [name, '']))
  }
}

/** Files, not a path that is missing or an address. */
function isKept({ name, path: full, state, origin }: FileVerdict): boolean {
  return origin === undefined && state !== 'ignored' && path.posix.basename(full) === name
}

/** A kubelet that was pointed at another folder says nothing of this one. */
function isInMountedFolder({ name, path: full }: FileVerdict): boolean {
  return full === path.posix.join(MANIFESTS_PATH, name)
}
