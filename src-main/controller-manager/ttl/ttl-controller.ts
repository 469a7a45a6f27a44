/** Writes the annotation by which kubelets of a large cluster ask less often (pkg/controller/ttl); here it is for those who look. */
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { WorkQueue } from '../../base/work-queue.ts'
import type { Node } from '../../common/api/node.ts'
import { NODES } from '../../kube/resources.ts'
import { hasReason } from '../../kube/status-error.ts'
import type { ControllerContext } from '../controller.ts'
import { computeTtlSeconds } from './compute-ttl.ts'

const ANNOTATION = 'node.alpha.kubernetes.io/ttl'

/** When the size asks for another number, each node gets it with its own next change. */
export function startTtl({ client, clock, logger, informers }: ControllerContext): Disposable {
  const owned = new DisposableStore()
  const nodes = informers.of<Node>(NODES)
  let seconds = 0
  const queue = owned.add(
    new WorkQueue({
      clock,
      workers: 1,
      onFailure: (node, error) => logger.error('Failed to annotate node', { node, err: error }),
      async sync(name) {
        const node = nodes.get(undefined, name)
        if (node === undefined) return
        seconds = computeTtlSeconds(nodes.list().length, seconds)
        if (node.metadata.annotations?.[ANNOTATION] === String(seconds)) return
        const patch = { metadata: { annotations: { [ANNOTATION]: String(seconds) } } }
        try {
          await client.patch(NODES, { name }, 'application/merge-patch+json', patch)
        } catch (error) {
          if (!hasReason(error, 'NotFound')) throw error
        }
      },
    }),
  )
  const look = ({ metadata }: Node): void => queue.add(metadata.name ?? '')
  owned.add(nodes.follow({ onAdd: look, onUpdate: look }))
  return owned
}
