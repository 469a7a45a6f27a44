/** Objects of the agents are made, changed and put back. */
import type { ApiObject, GroupVersionResource } from '../../common/api/api-object.ts'
import type { Namespace } from '../../common/api/namespace.ts'
import type { ApiClient, DeleteOptions } from '../../kube/api-client.ts'
import { CONFIG_MAPS, DAEMON_SETS, DEPLOYMENTS, NAMESPACES } from '../../kube/resources.ts'
import { canonicalJSON } from '../../common/manifest/canonical-json.ts'
import { hasReason } from '../../kube/status-error.ts'
import { AGENT_SETTINGS, OWN_LABELS } from './agent-manifests.ts'
import { AGENT_NAMES } from '../../common/experiments/agent-names.ts'
import type { AgentObjects } from './read-agents.ts'

const { namespace, workload: name } = AGENT_NAMES
/** A controller writes its status beside us. */
const CONFLICT_RETRIES = 10

/** One that ends is no home for new objects: the server refuses them until it has gone. */
export async function ensureNamespace(client: ApiClient): Promise<void> {
  const object: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: OWN_LABELS } }
  await createMissing(client, NAMESPACES, object)
}

/** Whether it was made now. */
export async function createMissing(client: ApiClient, of: GroupVersionResource, object: ApiObject): Promise<boolean> {
  try {
    await client.create(of, object)
    return true
  } catch (error) {
    if (hasReason(error, 'AlreadyExists')) return false
    throw error
  }
}

/** Whether there was anything to delete. */
export async function deletePresent(
  client: ApiClient,
  of: GroupVersionResource,
  address: { namespace?: string; name: string },
  options: DeleteOptions = { propagationPolicy: 'Background' },
): Promise<boolean> {
  try {
    await client.delete(of, address, options)
    return true
  } catch (error) {
    if (hasReason(error, 'NotFound')) return false
    throw error
  }
}

/** Whether it is one of ours, and nobody's who gave it the same name. */
export function isOwn({ metadata }: ApiObject): boolean {
  return Object.entries(OWN_LABELS).every(([key, value]) => metadata.labels?.[key] === value)
}

/** The template alone is another one; lists in it are replaced as a whole. */
export async function replaceTemplate(
  client: ApiClient,
  of: GroupVersionResource,
  { spec: { template } }: { spec: { template: unknown } },
): Promise<void> {
  await client.patch(of, { namespace, name }, 'application/merge-patch+json', { spec: { template } })
}

/** Objects of the agents as they were; what is as it was is not written. The namespace stays. */
export async function putBackObjects(client: ApiClient, before: AgentObjects): Promise<void> {
  await putBack(client, CONFIG_MAPS, { namespace, name: AGENT_SETTINGS }, before.settings)
  await putBack(client, DAEMON_SETS, { namespace, name }, before.daemonSet)
  await putBack(client, DEPLOYMENTS, { namespace, name }, before.deployment)
}

async function putBack(
  client: ApiClient,
  of: GroupVersionResource,
  address: { namespace: string; name: string },
  before: ApiObject | undefined,
): Promise<void> {
  if (before === undefined) return void (await deletePresent(client, of, address))
  if (await createMissing(client, of, before)) return
  for (let retries = 0; ; retries++) {
    const { metadata, ...present } = await client.get(of, address)
    const { metadata: _metadata, ...definition } = before
    if (isSame(definition, present)) return
    try {
      await client.update(of, { ...present, ...definition, metadata })
      return
    } catch (error) {
      if (!hasReason(error, 'Conflict') || retries >= CONFLICT_RETRIES) throw error
    }
  }
}

function isSame(definition: object, present: object): boolean {
  const { status: _status, ...rest } = present as { status?: unknown }
  return canonicalJSON(definition) === canonicalJSON(rest)
}
