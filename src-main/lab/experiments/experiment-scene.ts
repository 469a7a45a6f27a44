/** One experiment under way, as those who act in it see it. */
import type { SideName } from '../../common/experiments/experiment.ts'
import type { PodLook, SideLook } from '../../common/experiments/side-record.ts'
import { withClusterClient } from '../cluster/with-cluster-client.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import type { AgentParameters } from './agent-manifests.ts'
import type { ExperimentContext } from './experiment-context.ts'
import type { Undo } from './undo.ts'

export interface ExperimentScene {
  context: ExperimentContext
  lab: string
  sides: readonly SideName[]
  /** Node that things are done to: another one after `add-node`. */
  target: string
  /** Workers that have the file from the beginning. */
  nodes: readonly string[]
  /** How the agents are defined now. */
  parameters: AgentParameters
  /** Files before their last change, by worker. */
  filesBefore: Record<string, string>
  look(side: SideName): SideLook
  /** Resolves when it is on the disk: only then may the change be made. */
  willUndo(undo: Undo): Promise<void>
  signal: AbortSignal
}

/** What a person was told. */
export interface Said {
  ok: boolean
  message: string
}

/** @throws Unavailable, NotFound, Conflict with the API server's words */
export function askCluster<Answer>(
  { context, lab }: Pick<ExperimentScene, 'context' | 'lab'>,
  ask: (client: ApiClient) => Promise<Answer>,
): Promise<Answer> {
  return withClusterClient(context, lab, ask)
}

/** The side's pod on the target; any other of a Deployment, which may have none there. */
export function findTargetPod(scene: ExperimentScene, side: SideName): PodLook | undefined {
  const pods = scene.look(side).pods.filter(({ deleting }) => !deleting)
  return pods.find(({ node }) => node === scene.target) ?? (side === 'deployment' ? pods[0] : undefined)
}
