/** One change is put back; doing it once more does no harm. */
import { isLabError } from '../../common/lab-error.ts'
import { withClusterClient } from '../cluster/with-cluster-client.ts'
import { awaitApiServer } from './agent-stage.ts'
import { removeFile, removeObjectsOfAgents } from './remove-agents.ts'
import { AGENT_NAMES } from '../../common/experiments/agent-names.ts'
import type { ExperimentContext } from './experiment-context.ts'
import { forgetNode } from './forget-node.ts'
import { pollUntil } from './poll.ts'
import { listWorkers, readAgentFile, type Agents } from './read-agents.ts'
import { untaintNode } from './taint-node.ts'
import { requireLab } from '../lab-context.ts'
import type { NodeSpec } from '../../common/lab/lab-spec.ts'
import type { Undo } from './undo.ts'
import { ensureNamespace, putBackObjects } from './write-agent-objects.ts'

const KUBELET_SECONDS = 120

/** Where the node or the control plane has gone meanwhile there is nothing to put back. @throws LabError when it cannot be put back now */
export async function performUndo(context: ExperimentContext, lab: string, undo: Undo): Promise<void> {
  const { labManager } = context
  const { nodes, apiServer } = await labManager.labStatus(lab)
  const hasServer = apiServer !== undefined
  const isThere = (node: string): boolean => nodes.some(({ name }) => name === node)
  switch (undo.undo) {
    case 'agents':
      return putBackAgents(context, lab, { before: undo.before, hasServer })
    case 'start-component':
      if (!hasServer) return
      await startComponent(context, lab, undo.component)
      return awaitApiServer(context, lab)
    case 'remove-node':
      return removeAddedNode(context, lab, { ...undo, hasServer })
    case 'start-kubelet':
      return isThere(undo.node) ? startKubelet(context, lab, undo.node) : undefined
    case 'power-on':
      if (isThere(undo.node)) await labManager.startNode({ lab, node: undo.node })
      return
    case 'untaint':
      if (!hasServer) return
      await awaitApiServer(context, lab)
      return untaintNode({ context, lab }, undo.node)
    case 'uncordon':
      if (!hasServer) return
      await awaitApiServer(context, lab)
      return uncordon(context, lab, undo.node)
  }
}

/** Whoever has a node of that name by then keeps it, in the lab and in the API server. */
async function removeAddedNode(
  context: ExperimentContext,
  lab: string,
  { node, addedBy, hasServer }: { node: string; addedBy?: string; hasServer: boolean },
): Promise<void> {
  const find = async (): Promise<NodeSpec | undefined> =>
    (await requireLab(context, lab)).nodes.find(({ name }) => name === node)
  // What a journal of an earlier version does not tell is nobody's: two that say nothing are not the same.
  if (addedBy !== undefined && (await find())?.addedBy === addedBy)
    await context.labManager.removeNode({ lab, node }, { addedBy })
  if (!hasServer || (await find()) !== undefined) return
  await awaitApiServer(context, lab)
  if ((await find()) === undefined) await forgetNode(context, lab, node)
}

/** Byte for byte, and template for template. Files first: they need no API server. */
async function putBackAgents(
  context: ExperimentContext,
  lab: string,
  { before, hasServer }: { before: Agents; hasServer: boolean },
): Promise<void> {
  const { labManager } = context
  for (const node of await listWorkers(context, lab)) {
    const content = before.files[node]
    const present = await readAgentFile(context, { lab, node })
    if (content === present) continue
    if (content === undefined) await removeFile(context, { lab, node })
    else await labManager.applyManifest({ lab, node }, AGENT_NAMES.staticFile, content, { replace: true })
  }
  if (!hasServer) return
  await awaitApiServer(context, lab)
  if (!before.hasNamespace) return removeObjectsOfAgents(context, lab)
  await withClusterClient(context, lab, async (client) => {
    await ensureNamespace(client)
    await putBackObjects(client, before)
  })
}

async function startComponent({ labManager }: ExperimentContext, lab: string, component: string): Promise<void> {
  const components = await labManager.components(lab)
  if (components.some((one) => one.component === component && one.state === 'aside'))
    await labManager.startComponent(lab, component)
}

async function startKubelet({ labManager, clock }: ExperimentContext, lab: string, node: string): Promise<void> {
  await labManager.startKubelet({ lab, node })
  const otherwise = `the kubelet of ${node} does not answer`
  await pollUntil({ clock, atMostSeconds: KUBELET_SECONDS, otherwise }, async () => {
    const { nodes } = await labManager.labStatus(lab)
    return nodes.some(({ name, kubelet }) => name === node && kubelet === 'running')
  })
}

async function uncordon({ labManager }: ExperimentContext, lab: string, node: string): Promise<void> {
  try {
    await labManager.setSchedulable({ lab, node }, true)
  } catch (error) {
    if (!isLabError(error) || error.kind !== 'NotFound') throw error
  }
}
