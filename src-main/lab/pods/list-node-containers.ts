/** What the engine says of a node's containers: the truth where no kubelet tells it. */
import { CONTAINER_NAME_LABEL, POD_NAME_LABEL, POD_NAMESPACE_LABEL } from '../../common/api/kubelet-labels.ts'
import { LAB_LABEL, NODE_LABEL, ROLE_LABEL } from '../../common/engine-labels.ts'
import type { NodeTarget } from '../../common/ipc/calls.ts'
import type { NodeContainer } from '../../common/lab/node-container.ts'
import { requireNode, type LabContext } from '../lab-context.ts'

/** All that are kept, also those that have ended; without sandboxes. @throws NotFound, NoEngine */
export async function listNodeContainers(context: LabContext, target: NodeTarget): Promise<NodeContainer[]> {
  await requireNode(context, target)
  const engine = await context.engines.connect()
  const containers = await engine.listContainers({
    [LAB_LABEL]: target.lab,
    [NODE_LABEL]: target.node,
    [ROLE_LABEL]: 'container',
  })
  return containers.map(({ id, labels, state }) => ({
    namespace: labels[POD_NAMESPACE_LABEL] ?? '',
    pod: labels[POD_NAME_LABEL] ?? '',
    container: labels[CONTAINER_NAME_LABEL] ?? '',
    id,
    isRunning: state === 'running',
  }))
}
