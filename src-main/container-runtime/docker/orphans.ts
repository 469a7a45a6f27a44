/** Containers whose sandbox is gone: they can do nothing, nobody asks for them by their sandbox, and so they go too. */
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

  constructor(node: NodeEngine, sandboxes: DockerSandboxes) {
    this.#node = node
    this.#sandboxes = sandboxes
  }

  /** Removes what has lost its sandbox, because it was removed or replaced behind the service's back or in the middle of a call. */
  async sync(): Promise<void> {
    this.#sandboxes.noteRemoval()
    const orphans = computeOrphans(await this.#node.list())
    await Promise.all(orphans.map(({ summary }) => this.#sandboxes.removeContainer(summary.Id)))
  }
}
