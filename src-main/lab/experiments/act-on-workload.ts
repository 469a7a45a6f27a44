/** What is done to a DaemonSet or a Deployment, and the words that kubectl has for it. */
import type { GroupVersionResource } from '../../common/api/api-object.ts'
import type { DaemonSet } from '../../common/api/daemon-set.ts'
import type { Deployment } from '../../common/api/deployment.ts'
import type { SideName } from '../../common/experiments/experiment.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { CONFIG_MAPS, DAEMON_SETS, DEPLOYMENTS } from '../../kube/resources.ts'
import {
  agentDaemonSet,
  agentDeployment,
  agentSettings,
  FIRST_PARAMETERS,
  type AgentParameters,
} from './agent-manifests.ts'
import { AGENT_NAMES } from '../../common/experiments/agent-names.ts'
import { askCluster, type ExperimentScene, type Said } from './experiment-scene.ts'
import { rollBackDaemonSet, rollBackDeployment } from './roll-back-workload.ts'
import { createMissing, replaceTemplate } from './write-agent-objects.ts'

const { namespace, workload: name } = AGENT_NAMES

export type WorkloadSide = Exclude<SideName, 'static'>

interface WorkloadKind {
  resource: GroupVersionResource
  /** As kubectl has it: `daemonset.apps`. */
  word: string
  define(parameters: AgentParameters, replicas: number): DaemonSet | Deployment
  rollBack(client: ApiClient): Promise<void>
}

export const WORKLOADS: Readonly<Record<WorkloadSide, WorkloadKind>> = {
  daemonSet: { resource: DAEMON_SETS, word: 'daemonset.apps', define: agentDaemonSet, rollBack: rollBackDaemonSet },
  deployment: { resource: DEPLOYMENTS, word: 'deployment.apps', define: agentDeployment, rollBack: rollBackDeployment },
}

/** @param done kubectl's last words: `configured`, `image updated` */
export async function editWorkload(
  scene: ExperimentScene,
  side: WorkloadSide,
  { parameters, done }: { parameters: AgentParameters; done: string },
): Promise<Said> {
  const { resource, word, define } = WORKLOADS[side]
  const object = define(parameters, scene.nodes.length)
  await askCluster(scene, (client) => replaceTemplate(client, resource, object))
  return { ok: true, message: `${word}/${name} ${done}` }
}

/** The ConfigMap is there for all sides, however often it is asked for. */
export async function referToSettings(
  scene: ExperimentScene,
  side: WorkloadSide,
  parameters: AgentParameters,
): Promise<Said> {
  const settings = agentSettings()
  await askCluster(scene, (client) => createMissing(client, CONFIG_MAPS, settings))
  const { message } = await editWorkload(scene, side, { parameters, done: 'configured' })
  return { ok: true, message: `configmap/${settings.metadata.name ?? ''} created; ${message}` }
}

export async function rollBackWorkload(scene: ExperimentScene, side: WorkloadSide): Promise<Said> {
  const { rollBack, word } = WORKLOADS[side]
  await askCluster(scene, rollBack)
  return { ok: true, message: `${word}/${name} rolled back` }
}

export async function deleteWorkload(scene: ExperimentScene, side: WorkloadSide): Promise<Said> {
  const { resource, word } = WORKLOADS[side]
  await askCluster(scene, (client) => client.delete(resource, { namespace, name }, { propagationPolicy: 'Background' }))
  return { ok: true, message: `${word} "${name}" deleted from ${namespace} namespace` }
}

export async function makeWorkload(scene: ExperimentScene, side: WorkloadSide): Promise<Said> {
  const { resource, word, define } = WORKLOADS[side]
  const object = define(FIRST_PARAMETERS, scene.nodes.length)
  const isNew = await askCluster(scene, (client) => createMissing(client, resource, object))
  return { ok: true, message: `${word}/${name} ${isNew ? 'created' : 'unchanged'}` }
}
