/**
 * Containers whose sandbox is gone: they can do nothing, nobody asks for them by their sandbox, and so they go too, and the
 * memory that it held with them.
 */
import type { Logger } from '../../base/logger.ts'
import type { DockerSandboxes } from './docker-sandboxes.ts'
import type { ListedContainer, NodeEngine } from './node-engine.ts'

/** @param listed everything of the node, as it was at one moment: a sandbox is there before its containers are */
export function computeOrphans(listed: readonly ListedContainer[]): ListedContainer[] {
  const sandboxes = new Set(listed.flatMap(({ summary, identity }) => (identity.role === 'sandbox' ? summary.Id : [])))
  return listed.filter(({ identity }) => identity.role === 'container' && !sandboxes.has(identity.sandboxId))
}

export class Orphans {
  readonly #node: NodeEngine
  readonly #sandboxes: DockerSandboxes
  readonly #logger: Logger

  constructor(node: NodeEngine, sandboxes: DockerSandboxes, logger: Logger) {
    this.#node = node
    this.#sandboxes = sandboxes
    this.#logger = logger
  }

  /** Removes what has lost its sandbox, because it was removed or replaced behind the service's back or in the middle of a call. */
  async sync(): Promise<void> {
    this.#sandboxes.noteRemoval()
    const orphans = computeOrphans(await this.#node.list())
    await Promise.all(orphans.map(({ summary }) => this.#sandboxes.removeContainer(summary.Id)))
    await this.#removeMemory()
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
