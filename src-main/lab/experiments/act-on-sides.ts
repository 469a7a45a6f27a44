/** Actions that are done on each side, at the same time. What a side answers with a no is an answer, and no failure. */
import type { ExperimentAction, SideName } from '../../common/experiments/experiment.ts'
import { isLabError, LabError } from '../../common/lab-error.ts'
import { editFiles, editFilesAndAsk, makeFiles, removeFiles, rollBackFiles } from './act-on-static.ts'
import { deleteWorkload, editWorkload, makeWorkload, referToSettings, rollBackWorkload } from './act-on-workload.ts'
import type { AgentParameters } from './agent-manifests.ts'
import { AGENT_NAMES } from '../../common/experiments/agent-names.ts'
import { findTargetPod, type ExperimentScene, type Said } from './experiment-scene.ts'

const { namespace } = AGENT_NAMES

const SIDE_ACTS = [
  'delete-pod',
  'crash-container',
  'edit',
  'set-image',
  'roll-back',
  'refer-to-config-map',
  'remove-definition',
  'make-definition',
] as const

export type SideAction = Extract<ExperimentAction, { act: (typeof SIDE_ACTS)[number] }>

export function isSideAction(action: ExperimentAction): action is SideAction {
  return SIDE_ACTS.some((act) => act === action.act)
}

/** @throws what is neither the lab's nor the API server's no */
export async function actOnSides(scene: ExperimentScene, action: SideAction): Promise<Partial<Record<SideName, Said>>> {
  const parameters = nextParameters(scene.parameters, action)
  const answers = await Promise.all(
    scene.sides.map(async (side) => [side, await answerOf(() => actOnSide(scene, side, { action, parameters }))]),
  )
  scene.parameters = parameters
  return Object.fromEntries(answers)
}

/** A roll-back is known to the server and to the files, and what is edited next begins anew. */
function nextParameters(now: AgentParameters, action: SideAction): AgentParameters {
  switch (action.act) {
    case 'edit':
      return { ...now, edition: action.edition }
    case 'set-image':
      return { ...now, image: action.image }
    case 'refer-to-config-map':
      return { ...now, hasConfigMap: true }
    case 'delete-pod':
    case 'crash-container':
    case 'roll-back':
    case 'remove-definition':
    case 'make-definition':
      return now
  }
}

function actOnSide(
  scene: ExperimentScene,
  side: SideName,
  { action, parameters }: { action: SideAction; parameters: AgentParameters },
): Promise<Said> {
  const isStatic = side === 'static'
  switch (action.act) {
    case 'delete-pod':
      return deletePod(scene, side)
    case 'crash-container':
      return crashContainer(scene, side)
    case 'edit':
      if (isStatic) return editFiles(scene, parameters)
      return editWorkload(scene, side, { parameters, done: 'configured' })
    case 'set-image':
      if (isStatic) return editFiles(scene, parameters)
      return editWorkload(scene, side, { parameters, done: 'image updated' })
    case 'roll-back':
      return isStatic ? rollBackFiles(scene) : rollBackWorkload(scene, side)
    case 'refer-to-config-map':
      return isStatic ? editFilesAndAsk(scene, parameters) : referToSettings(scene, side, parameters)
    case 'remove-definition':
      return isStatic ? removeFiles(scene) : deleteWorkload(scene, side)
    case 'make-definition':
      return isStatic ? makeFiles(scene) : makeWorkload(scene, side)
  }
}

async function deletePod(scene: ExperimentScene, side: SideName): Promise<Said> {
  const { name } = requirePod(scene, side)
  await scene.context.labManager.deleteApiPod(scene.lab, namespace, name)
  return { ok: true, message: `pod "${name}" deleted from ${namespace} namespace` }
}

async function crashContainer(scene: ExperimentScene, side: SideName): Promise<Said> {
  const { name: pod, node } = requirePod(scene, side)
  const { container } = await scene.context.labManager.crash({ lab: scene.lab, node, namespace, pod })
  return { ok: true, message: `killed PID 1 of container ${container} of ${pod} on ${node}` }
}

function requirePod(scene: ExperimentScene, side: SideName): { name: string; node: string } {
  const pod = findTargetPod(scene, side)
  if (pod !== undefined) return pod
  throw new LabError({ kind: 'NotFound', message: `the agent has no pod on ${scene.target}` })
}

async function answerOf(act: () => Promise<Said>): Promise<Said> {
  try {
    return await act()
  } catch (error) {
    if (!isLabError(error) || !['NotFound', 'Conflict', 'Unavailable', 'Forbidden'].includes(error.kind)) throw error
    return { ok: false, message: error.message }
  }
}
