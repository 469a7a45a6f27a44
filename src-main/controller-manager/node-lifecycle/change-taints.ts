/** Writes taints, over whatever others write to the node meanwhile. */
import type { Node, Taint } from '../../common/api/node.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { NODES } from '../../kube/resources.ts'
import { hasReason } from '../../kube/status-error.ts'

const ATTEMPTS = 5

/**
 * @param compute all taints that the node should have; `undefined`: it has them. It runs again after a conflict.
 * @throws StatusError, except for a node that is gone
 */
export async function changeTaints(
  client: ApiClient,
  seen: Node,
  compute: (node: Node) => Taint[] | undefined,
): Promise<void> {
  const { name = '', uid } = seen.metadata
  let node = seen
  for (let attempt = 1; ; attempt++) {
    const taints = compute(node)
    if (taints === undefined) return
    const patch = { metadata: { resourceVersion: node.metadata.resourceVersion }, spec: { taints } }
    try {
      await client.patch(NODES, { name }, 'application/merge-patch+json', patch)
      return
    } catch (error) {
      if (hasReason(error, 'NotFound')) return
      if (!hasReason(error, 'Conflict') || attempt === ATTEMPTS) throw error
    }
    const fresh = await findNode(client, name)
    if (fresh?.metadata.uid !== uid || fresh === undefined) return
    node = fresh
  }
}

/** From the server; `undefined` when there is none. @throws StatusError */
export async function findNode(client: ApiClient, name: string): Promise<Node | undefined> {
  try {
    return await client.get<Node>(NODES, { name })
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined
    throw error
  }
}
