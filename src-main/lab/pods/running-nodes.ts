/** Which nodes of a lab run, and the channels to their kubelets. */
import { LAB_LABEL, ROLE_LABEL } from '../../common/engine-labels.ts'
import { LabError } from '../../common/lab-error.ts'
import type { NodeTarget } from '../../common/ipc/calls.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import { nodeContainerName } from '../../common/node-layout.ts'
import type { Engine } from '../engine/engine.ts'
import type { LabContext } from '../lab-context.ts'
import type { NodeChannel } from '../nodes/channel-client/node-channel.ts'

/** Names of the lab's nodes whose container runs, in the order of the lab's file. */
export async function listRunningNodes(engine: Engine, spec: LabSpec): Promise<string[]> {
  const containers = await engine.listContainers({ [LAB_LABEL]: spec.name, [ROLE_LABEL]: 'node' })
  const running = new Set(containers.filter(({ state }) => state === 'running').map(({ name }) => name))
  return spec.nodes.map(({ name }) => name).filter((name) => running.has(nodeContainerName(spec.name, name)))
}

/** The channel to its kubelet. @throws Conflict when the node does not run */
export async function findRunningNode(context: LabContext, engine: Engine, target: NodeTarget): Promise<NodeChannel> {
  await requireRunningNode(engine, target)
  return context.channels.get(engine, target.lab, target.node)
}

/** Opens no channel, which would be a process on the node. @throws Conflict when the node does not run */
export async function requireRunningNode(engine: Engine, { lab, node }: NodeTarget): Promise<void> {
  const containers = await engine.listContainers({ [LAB_LABEL]: lab, [ROLE_LABEL]: 'node' })
  const container = containers.find(({ name }) => name === nodeContainerName(lab, node))
  if (container?.state === 'running') return
  throw new LabError({
    kind: 'Conflict',
    message: `the node ${node} of the lab "${lab}" does not run`,
    remedy: `Start it with: node-lab node start ${node} --lab ${lab}, or the whole lab with: node-lab up --lab ${lab}`,
  })
}
