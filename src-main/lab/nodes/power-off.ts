/** A pulled plug (docs/node-life.md): `docker kill`, after which the engine leaves the node off until somebody starts it. */
import type { NodeTarget } from '../../common/ipc/calls.ts'
import { nodeContainerName } from '../../common/node-layout.ts'
import type { LabStatus } from '../../common/lab/lab-status.ts'
import { requireNode, type LabContext } from '../lab-context.ts'
import { withLabLock } from '../lifecycle/lab-lock.ts'
import { requireRunningNode } from '../pods/running-nodes.ts'
import { observeLab, refuseOtherHomes } from '../reconcile/observe-lab.ts'
import { readLabStatus } from '../status/read-lab-status.ts'

/** The runtime service sees the node die and kills its pods. @throws NotFound, Conflict when the node is off already */
export async function powerOff(context: LabContext, target: NodeTarget): Promise<LabStatus> {
  const { lab, node } = target
  await requireNode(context, target)
  const engine = await context.engines.connect()
  const spec = await withLabLock(context, lab, {}, async () => {
    const found = await requireNode(context, target)
    refuseOtherHomes(lab, await observeLab(engine, lab, context.store.layout.home))
    await requireRunningNode(engine, target)
    context.channels.close(lab, node)
    await engine.killContainer(nodeContainerName(lab, node), 'SIGKILL')
    return found.spec
  })
  return readLabStatus(context, engine, spec)
}
