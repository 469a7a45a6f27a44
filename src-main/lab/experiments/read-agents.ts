/** What there is of the agents in a lab: files on its workers, objects of its API. */
import type { ApiObject, GroupVersionResource } from '../../common/api/api-object.ts'
import type { ConfigMap } from '../../common/api/config-map.ts'
import type { DaemonSet } from '../../common/api/daemon-set.ts'
import type { Deployment } from '../../common/api/deployment.ts'
import type { SideName } from '../../common/experiments/experiment.ts'
import type { NodeTarget } from '../../common/ipc/calls.ts'
import { isLabError } from '../../common/lab-error.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { CONFIG_MAPS, DAEMON_SETS, DEPLOYMENTS, NAMESPACES } from '../../kube/resources.ts'
import { hasReason } from '../../kube/status-error.ts'
import { withClusterClient } from '../cluster/with-cluster-client.ts'
import { requireLab } from '../lab-context.ts'
import { ManifestFolder } from '../manifests/manifest-folder.ts'
import { AGENT_SETTINGS } from './agent-manifests.ts'
import { AGENT_NAMES } from '../../common/experiments/agent-names.ts'
import type { ExperimentContext } from './experiment-context.ts'

const { namespace, staticFile, workload: name } = AGENT_NAMES

/** Objects as far as they can be made again. */
export interface AgentObjects {
  hasNamespace: boolean
  daemonSet?: DaemonSet
  deployment?: Deployment
  settings?: ConfigMap
}

export interface Agents extends AgentObjects {
  /** Content by worker, of those that have the file. */
  files: Record<string, string>
}

/** @throws Unavailable when the API server does not answer */
export async function readAgents(context: ExperimentContext, lab: string): Promise<Agents> {
  const files = await readAgentFiles(context, lab)
  return withClusterClient(context, lab, async (client) => ({ ...(await readAgentObjects(client)), files }))
}

export async function readAgentObjects(client: ApiClient): Promise<AgentObjects> {
  const [found, daemonSet, deployment, settings] = await Promise.all([
    findObject(client, NAMESPACES, { name: namespace }),
    findObject<DaemonSet>(client, DAEMON_SETS, { namespace, name }),
    findObject<Deployment>(client, DEPLOYMENTS, { namespace, name }),
    findObject<ConfigMap>(client, CONFIG_MAPS, { namespace, name: AGENT_SETTINGS }),
  ])
  return {
    // One that ends was there no more when it was looked at.
    hasNamespace: found !== undefined && found.metadata.deletionTimestamp === undefined,
    ...(daemonSet !== undefined && { daemonSet: definitionOf(daemonSet) }),
    ...(deployment !== undefined && { deployment: definitionOf(deployment) }),
    ...(settings !== undefined && { settings: definitionOf(settings) }),
  }
}

/** Content by worker, also of workers that are off. */
export async function readAgentFiles(context: ExperimentContext, lab: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const node of await listWorkers(context, lab)) {
    const content = await readAgentFile(context, { lab, node })
    if (content !== undefined) files[node] = content
  }
  return files
}

/** From where the node's kubelet reads it, which a learner may have moved. */
export function readAgentFile({ labManager }: ExperimentContext, target: NodeTarget): Promise<string | undefined> {
  return orAbsent(labManager.readManifest(target, staticFile))
}

/** From the mounted folder alone: quick enough to be asked twice a second. */
export async function peekAgentFile(
  { store }: ExperimentContext,
  { lab, node }: NodeTarget,
): Promise<string | undefined> {
  const content = await orAbsent(new ManifestFolder(store.layout.manifests(lab, node)).read(staticFile))
  return content?.toString('utf8')
}

async function orAbsent<Content>(reading: Promise<Content>): Promise<Content | undefined> {
  try {
    return await reading
  } catch (error) {
    if (isLabError(error) && error.kind === 'NotFound') return undefined
    throw error
  }
}

/** By name. @throws NotFound */
export async function listWorkers({ store }: ExperimentContext, lab: string): Promise<string[]> {
  const { nodes } = await requireLab({ store }, lab)
  return nodes
    .filter(({ role }) => role === 'worker')
    .map((node) => node.name)
    .toSorted()
}

/** Sides of which there is anything. */
export function computePresentSides({ files, daemonSet, deployment }: Agents): SideName[] {
  return [
    ...(Object.keys(files).length > 0 ? ['static' as const] : []),
    ...(daemonSet === undefined ? [] : ['daemonSet' as const]),
    ...(deployment === undefined ? [] : ['deployment' as const]),
  ]
}

/** `undefined` when there is none. */
export async function findObject<Kind extends ApiObject>(
  client: ApiClient,
  of: GroupVersionResource,
  address: { namespace?: string; name: string },
): Promise<Kind | undefined> {
  try {
    return await client.get<Kind>(of, address)
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined
    throw error
  }
}

/** Without what the server gives, and without its status. */
function definitionOf<Kind extends ApiObject & { status?: unknown }>(object: Kind): Kind {
  const { status: _status, ...definition } = object
  const { name: own, namespace: place, labels, annotations } = object.metadata
  const metadata = {
    ...(own !== undefined && { name: own }),
    ...(place !== undefined && { namespace: place }),
    ...(labels !== undefined && { labels }),
    ...(annotations !== undefined && { annotations }),
  }
  return { ...definition, metadata } as Kind
}
