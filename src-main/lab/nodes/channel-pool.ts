/** Private channels to nodes, one for each, opened when first asked for and kept until the node or the manager goes. */
import type { Disposable } from '../../base/disposable.ts'
import { LabError } from '../../common/lab-error.ts'
import { nodeContainerName } from '../../common/node-layout.ts'
import type { Engine } from '../engine/engine.ts'
import type { NodeChannel } from './channel-client/node-channel.ts'

export type OpenChannel = (engine: Engine, container: string) => NodeChannel

export class ChannelPool implements Disposable {
  readonly #open: OpenChannel
  #isDisposed = false
  readonly #channels = new Map<string, NodeChannel>()

  constructor(open: OpenChannel) {
    this.#open = open
  }

  /** @throws Cancelled once the pool is disposed of: a channel that nobody would close must not be opened */
  get(engine: Engine, lab: string, node: string): NodeChannel {
    if (this.#isDisposed) throw new LabError({ kind: 'Cancelled', message: 'the lab manager has ended' })
    const container = nodeContainerName(lab, node)
    const present = this.#channels.get(container)
    if (present !== undefined) return present
    const channel = this.#open(engine, container)
    this.#channels.set(container, channel)
    return channel
  }

  /** For a node that is being stopped or removed: nobody should knock at its door any more. */
  close(lab: string, node: string): void {
    const container = nodeContainerName(lab, node)
    void this.#channels.get(container)?.dispose()
    this.#channels.delete(container)
  }

  /** For channels of an engine that was replaced: they are opened anew when asked for. */
  closeAll(): void {
    for (const channel of this.#channels.values()) void channel.dispose()
    this.#channels.clear()
  }

  dispose(): void {
    this.#isDisposed = true
    this.closeAll()
  }
}
