/** Makes the node known to the API server, however long that takes (facts 7.1; REPORT P2.3 B). */
import { delay, type Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { hasReason } from '../../kube/status-error.ts'
import type { Node } from '../../common/api/node.ts'
import { computeMetadataPatch, type NodeIdentity } from './initial-node.ts'
import { NODES } from '../../kube/resources.ts'

const INITIAL_RETRY_MS = 200
const MAX_RETRY_MS = 7000

export interface RegistrationOptions {
  client: ApiClient
  clock: Clock
  logger: Logger
  identity: NodeIdentity
  /** With the status of this moment. */
  initialNode: () => Promise<Node>
  signal: AbortSignal
  /** Ends the present wait: the server answers again. */
  onWait: (wake: AbortController) => void
}

/** Resolves when the node is known, or the signal is aborted. */
export async function registerNode(options: RegistrationOptions): Promise<void> {
  const { clock, logger, identity, signal } = options
  const { nodeName } = identity
  for (let retryMs = INITIAL_RETRY_MS; !signal.aborted; retryMs = Math.min(retryMs * 2, MAX_RETRY_MS)) {
    logger.info('Attempting to register node', { node: nodeName })
    try {
      await createOrReconcile(options)
      logger.info('Successfully registered node', { node: nodeName })
      return
    } catch (error) {
      const err = error instanceof Error ? error.message : String(error)
      logger.error('Unable to register node with API server', { err, node: nodeName })
    }
    const wake = new AbortController()
    options.onWait(wake)
    await delay(clock, retryMs, AbortSignal.any([signal, wake.signal])).catch(() => undefined)
  }
}

async function createOrReconcile({ client, logger, identity, initialNode }: RegistrationOptions): Promise<void> {
  const { nodeName } = identity
  try {
    await client.create<Node>(NODES, await initialNode())
    return
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) throw error
  }
  logger.info('Node was previously registered', { node: nodeName })
  const existing = await client.get<Node>(NODES, { name: nodeName })
  const metadata = computeMetadataPatch(existing, identity)
  if (metadata === undefined) return
  await client.patch<Node>(NODES, { name: nodeName }, 'application/strategic-merge-patch+json', { metadata })
}
