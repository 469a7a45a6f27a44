/** Reports the node's status: when something changes, and now and then to say that it is true still (facts 7.2). */
import { formatTime } from '../../common/api/time.ts'
import type { Clock, Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import type { Node, NodeStatus } from '../../common/api/node.ts'
import { computeConditionEvents, computeNodeStatus, computeNodeStatusPatch } from './compute-node-status.ts'
import type { NodeParticulars } from './compute-node-status.ts'
import { NODES } from '../../kube/resources.ts'

const QUICK_RETRIES = 5

export interface NodeStatusUpdaterOptions {
  client: ApiClient
  clock: Clock
  logger: Logger
  nodeName: string
  /** `nodeStatusUpdateFrequency`: how often it is looked whether something changed. */
  updateEveryMs: number
  /** `nodeStatusReportFrequency`: how often it is said though nothing changed. */
  reportEveryMs: number
  /** As the server has it; absent: not registered. */
  node: () => Node | undefined
  particulars: () => Promise<NodeParticulars>
  /** Why the node is not ready. */
  problems: () => string[]
  /** An event about the node. */
  recordEvent: (type: 'Normal' | 'Warning', reason: string, message: string) => void
}

export class NodeStatusUpdater implements Disposable {
  readonly #options: NodeStatusUpdaterOptions
  #timer: Timer | undefined
  #reportedMs = Number.NEGATIVE_INFINITY
  /** What was written last, which may be newer than what was heard of the node. */
  #last: Node | undefined
  #wasUnschedulable = false
  #state: 'idle' | 'busy' | 'busy, and once more' | 'disposed' = 'idle'

  constructor(options: NodeStatusUpdaterOptions) {
    this.#options = options
  }

  /** From the node's registration on. */
  start(): void {
    this.update()
    this.#schedule()
  }

  dispose(): void {
    this.#state = 'disposed'
    this.#timer?.cancel()
  }

  /** Looks now. */
  update(): void {
    if (this.#state === 'idle') void this.#work()
    else if (this.#state === 'busy') this.#state = 'busy, and once more'
  }

  /** What the server is told of a node that it does not know yet. */
  async initialStatus(): Promise<NodeStatus> {
    const status = await this.#compute(undefined)
    this.#recordEvents(undefined, status)
    return status
  }

  #schedule(): void {
    this.#timer = this.#options.clock.setTimer(this.#options.updateEveryMs, () => {
      this.update()
      this.#schedule()
    })
  }

  async #work(): Promise<void> {
    do {
      this.#state = 'busy'
      await this.#report()
    } while (this.#hasMore())
    if (this.#state === 'busy') this.#state = 'idle'
  }

  #hasMore(): boolean {
    return this.#state === 'busy, and once more'
  }

  async #report(): Promise<void> {
    const { logger } = this.#options
    for (let attempt = 0; attempt < QUICK_RETRIES; attempt++)
      try {
        return await this.#tryReport()
      } catch (error) {
        if (this.#state === 'disposed') return
        const err = error instanceof Error ? error.message : String(error)
        logger.error('Error updating node status, will retry', { err })
        this.#last = undefined
      }
    logger.error('Unable to update node status', { err: 'update node status exceeds retry count' })
  }

  async #tryReport(): Promise<void> {
    const { client, clock, nodeName, reportEveryMs } = this.#options
    const node = this.#newest()
    if (node === undefined) return
    this.#noteSchedulable(node)
    const next = await this.#compute(node.status)
    const changed = computeNodeStatusPatch(node.status, next)
    const isDue = clock.now() - this.#reportedMs >= reportEveryMs
    if ((changed === undefined && !isDue) || this.#state === 'disposed') return
    const patch = { status: changed ?? { conditions: next.conditions } }
    const address = { name: nodeName, subresource: 'status' }
    this.#last = await client.patch<Node>(NODES, address, 'application/strategic-merge-patch+json', patch)
    this.#reportedMs = clock.now()
    this.#recordEvents(node.status, next)
  }

  /** The server's news come later than the answer to what was written. */
  #newest(): Node | undefined {
    const node = this.#options.node()
    const last = this.#last
    if (last === undefined || node === undefined || last.metadata.uid !== node.metadata.uid) return node
    return isNewer(node, last) ? node : last
  }

  async #compute(before: NodeStatus | undefined): Promise<NodeStatus> {
    const { clock, particulars, problems } = this.#options
    const now = formatTime(clock.now())
    return computeNodeStatus({ particulars: await particulars(), problems: problems(), before, now })
  }

  #recordEvents(before: NodeStatus | undefined, after: NodeStatus): void {
    const { nodeName, recordEvent } = this.#options
    const boot = after.nodeInfo?.bootID ?? ''
    const earlierBoot = before?.nodeInfo?.bootID ?? ''
    if (earlierBoot !== '' && earlierBoot !== boot)
      recordEvent('Warning', 'Rebooted', `Node ${nodeName} has been rebooted, boot id: ${boot}`)
    for (const reason of computeConditionEvents(before, after)) this.#recordState(reason)
  }

  #noteSchedulable({ spec }: Node): void {
    const isUnschedulable = spec?.unschedulable === true
    if (isUnschedulable !== this.#wasUnschedulable)
      this.#recordState(isUnschedulable ? 'NodeNotSchedulable' : 'NodeSchedulable')
    this.#wasUnschedulable = isUnschedulable
  }

  #recordState(reason: string): void {
    const { nodeName, recordEvent } = this.#options
    recordEvent('Normal', reason, `Node ${nodeName} status is now: ${reason}`)
  }
}

/** Versions are the store's growing count. */
function isNewer(one: Node, other: Node): boolean {
  return BigInt(one.metadata.resourceVersion ?? '0') > BigInt(other.metadata.resourceVersion ?? '0')
}
