/** Actions that are done once for all sides: to the target node, or to the control plane. What undoes each is written down first. */
import { randomUUID } from 'node:crypto'
import type { ExperimentAction, SideName } from '../../common/experiments/experiment.ts'
import type { DrainOutcome } from '../../common/lab/drain-outcome.ts'
import { LabError } from '../../common/lab-error.ts'
import { findUntolerated } from '../../common/scheduling/tolerations.ts'
import { NODES } from '../../kube/resources.ts'
import type { Node, Taint } from '../../common/api/node.ts'
import { isMirrorPod } from '../../common/api/static-pod.ts'
import { readNodePods } from '../cluster/read-api.ts'
import { requireLab } from '../lab-context.ts'
import { nextNodeName } from '../store/compute-lab-spec.ts'
import type { SideAction } from './act-on-sides.ts'
import { AGENT_NAMES, APP_LABELS } from '../../common/experiments/agent-names.ts'
import { askCluster, type ExperimentScene, type Said } from './experiment-scene.ts'
import { pollUntil } from './poll.ts'
import { TAINT_KEY, taintNode, untaintNode } from './taint-node.ts'

/** Up to 20 s until its kubelet lists the folder (facts 1.2.5), and its grace. */
const GONE_SECONDS = 90
const AGENT_SELECTOR = `app in (${Object.values(APP_LABELS).join(',')})`

type LabAction = Exclude<ExperimentAction, SideAction>

/** @throws LabError: nothing can be compared where the common part was not done */
export async function actOnLab(scene: ExperimentScene, action: LabAction): Promise<Partial<Record<SideName, Said>>> {
  if (action.act === 'drain') return drain(scene)
  const message = await actOnce(scene, action)
  return Object.fromEntries(scene.sides.map((side) => [side, { ok: true, message }]))
}

async function actOnce(scene: ExperimentScene, action: Exclude<LabAction, { act: 'drain' }>): Promise<string> {
  const { context, lab, target: node } = scene
  const { labManager } = context
  const target = { lab, node }
  switch (action.act) {
    case 'stop-component': {
      const { component } = action
      const components = await labManager.components(lab)
      // One that was stopped before stays so.
      if (components.some((one) => one.component === component && one.state === 'placed'))
        await scene.willUndo({ undo: 'start-component', component })
      await labManager.stopComponent(lab, component)
      await awaitGone(scene, component)
      return `${component}.yaml is out of its folder`
    }
    case 'start-component':
      await labManager.startComponent(lab, action.component)
      return `${action.component}.yaml is back in its folder`
    case 'add-node':
      return addNode(scene)
    case 'stop-kubelet':
      await scene.willUndo({ undo: 'start-kubelet', node })
      await labManager.stopKubelet(target)
      return `systemctl stop kubelet on ${node}`
    case 'start-kubelet':
      await labManager.startKubelet(target)
      return `systemctl start kubelet on ${node}`
    case 'power-off':
      await scene.willUndo({ undo: 'power-on', node })
      await labManager.powerOffNode(target)
      return `${node} is without power`
    case 'power-on':
      await labManager.startNode(target)
      return `${node} is on again`
    case 'taint':
      if (action.effect === 'NoExecute') await refuseEvictions(scene)
      await scene.willUndo({ undo: 'untaint', node })
      await taintNode(scene, node, action.effect)
      return `node/${node} tainted`
    case 'untaint':
      await untaintNode(scene, node)
      return `node/${node} untainted`
    case 'cordon':
      await willUncordon(scene)
      await labManager.setSchedulable(target, false)
      return `node/${node} cordoned`
    case 'uncordon':
      await labManager.setSchedulable(target, true)
      return `node/${node} uncordoned`
  }
}

async function addNode(scene: ExperimentScene): Promise<string> {
  const { context, lab } = scene
  const node = nextNodeName(await requireLab(context, lab))
  // Somebody may be quicker with this name, and this process may die before it learns so: the node is theirs then.
  const addedBy = randomUUID()
  await scene.willUndo({ undo: 'remove-node', node, addedBy })
  await context.labManager.addNode(lab, node, { addedBy })
  scene.target = node
  return `${node} has joined`
}

/** @throws Conflict for a node that is cordoned already: it would be made schedulable, and shows nothing */
async function willUncordon(scene: ExperimentScene): Promise<void> {
  const { lab, target: node } = scene
  const { spec } = await askCluster(scene, (client) => client.get<Node>(NODES, { name: node }))
  if (spec?.unschedulable === true)
    throw new LabError({
      kind: 'Conflict',
      message: `${node} is cordoned already`,
      remedy: `Let it take pods again: node-lab kubectl --lab ${lab} uncordon ${node}`,
    })
  await scene.willUndo({ undo: 'uncordon', node })
}

/** A pod of somebody else would be evicted for good. @throws Conflict with their names */
async function refuseEvictions({ context, lab, target: node }: ExperimentScene): Promise<void> {
  const taint: Taint = { key: TAINT_KEY, effect: 'NoExecute' }
  const others = (await readNodePods(context, { lab, node })).filter(
    (pod) =>
      pod.metadata.namespace !== AGENT_NAMES.namespace &&
      !isMirrorPod(pod) &&
      findUntolerated([taint], pod.spec.tolerations ?? [], ['NoExecute']) !== undefined,
  )
  if (others.length === 0) return
  const names = others.map(({ metadata }) => metadata.name ?? '').join(', ')
  throw new LabError({
    kind: 'Conflict',
    message: `the taint would evict other pods from ${node}: ${names}`,
    remedy: `Add a worker, for the one with the fewest other pods is taken: node-lab node add --lab ${lab}`,
  })
}

/** A manifest that has left its folder is missed by its kubelet a moment later, and its pod has a grace. @throws Timeout */
async function awaitGone({ context, lab, signal }: ExperimentScene, component: string): Promise<void> {
  const { clock, labManager } = context
  const otherwise = `${component} has not ended`
  await pollUntil({ clock, atMostSeconds: GONE_SECONDS, otherwise, signal }, async () => {
    const pods = (await labManager.views(lab)).flatMap((view) => view.pods)
    return !pods.some(
      ({ metadata: { namespace, name = '' } }) => namespace === 'kube-system' && name.startsWith(`${component}-`),
    )
  })
}

async function drain(scene: ExperimentScene): Promise<Partial<Record<SideName, Said>>> {
  const { context, lab, target: node, sides, signal } = scene
  await willUncordon(scene)
  const outcome = await context.labManager.drainNode({ lab, node }, { podSelector: AGENT_SELECTOR, signal })
  return Object.fromEntries(sides.map((side) => [side, describeDrain(side, node, outcome)]))
}

function describeDrain(side: SideName, node: string, outcome: DrainOutcome): Said {
  const { mirrorPods, daemonSetPods, evicted, blocked } = outcome
  const own = (pods: readonly string[]): string =>
    pods.filter((pod) => pod.startsWith(`${AGENT_NAMES.namespace}/`)).join(', ')
  switch (side) {
    case 'static':
      return { ok: true, message: `node/${node} drained; passed over as a mirror: ${own(mirrorPods)}` }
    case 'daemonSet':
      return { ok: true, message: `Warning: ignoring DaemonSet-managed Pods: ${own(daemonSetPods)}` }
    case 'deployment': {
      const [refusal] = blocked
      if (refusal !== undefined) return { ok: false, message: `${refusal.pod}: ${refusal.message}` }
      return { ok: true, message: evicted.length === 0 ? `node/${node} drained` : `evicting pod ${own(evicted)}` }
    }
  }
}
