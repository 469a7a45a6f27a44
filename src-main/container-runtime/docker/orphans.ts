/**
 * Containers whose sandbox is gone: they can do nothing, nobody asks for them by their sandbox, and so they go too, and the
 * memory and the files that it had with them.
 */
import type { Logger } from '../../base/logger.ts'
import type { DockerSandboxes } from './docker-sandboxes.ts'
import type { ListedContainer, NodeEngine } from './node-engine.ts'
import type { SandboxFiles } from './sandbox-files.ts'

/** @param listed everything of the node, as it was at one moment: a sandbox is there before its containers are */
export function computeOrphans(listed: readonly ListedContainer[]): ListedContainer[] {
  const sandboxes = new Set(listed.flatMap(({ summary, identity }) => (identity.role === 'sandbox' ? summary.Id : [])))
  return listed.filter(({ identity }) => identity.role === 'container' && !sandboxes.has(identity.sandboxId))
}

export class Orphans {
  readonly #node: NodeEngine
  readonly #sandboxes: DockerSandboxes
  readonly #files: SandboxFiles
  readonly #logger: Logger

  constructor(parts: { node: NodeEngine; sandboxes: DockerSandboxes; files: SandboxFiles; logger: Logger }) {
    this.#node = parts.node
    this.#sandboxes = parts.sandboxes
    this.#files = parts.files
    this.#logger = parts.logger
  }

  /** Removes what has lost its sandbox, because it was removed or replaced behind the service's back or in the middle of a call. */
  async sync(): Promise<void> {
    this.#sandboxes.noteRemoval()
    // Before the look at the engine: a sandbox is there before its files are.
    const fileOwners = await this.#listFileOwners()
    const listed = await this.#node.list()
    const orphans = computeOrphans(listed)
    await Promise.all(orphans.map(({ summary }) => this.#sandboxes.removeContainer(summary.Id)))
    await this.#removeMemory()
    const sandboxes = new Set(listed.map(({ summary }) => summary.Id))
    await this.#removeFiles(fileOwners.filter((id) => !sandboxes.has(id)))
  }

  async #listFileOwners(): Promise<string[]> {
    try {
      return await this.#files.listIds()
    } catch (error) {
      this.#logger.warn('files of sandboxes cannot be looked for', { error })
      return []
    }
  }

  /** As with volumes, a file that cannot be removed is no reason to keep a node without its runtime. */
  async #removeFiles(sandboxIds: readonly string[]): Promise<void> {
    try {
      for (const id of sandboxIds) await this.#files.remove(id)
    } catch (error) {
      this.#logger.warn('files may have outlived their sandbox', { error })
    }
  }

  /** A volume that cannot be removed is no reason to keep a node without its runtime. */
  async #removeMemory(): Promise<void> {
    try {
      await this.#node.removeUnheldMemoryVolumes()
    } catch (error) {
      this.#logger.warn('volumes in memory may have outlived their sandbox', { error })
    }
  }
}
