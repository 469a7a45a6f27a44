/** The agents are taken off the stage, and nothing else: what somebody put beside them stays, and then their namespace does, too. */
import type { ApiObject } from '../../common/api/api-object.ts'
import { isLabError } from '../../common/lab-error.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { CONFIG_MAPS, DAEMON_SETS, DEPLOYMENTS, NAMESPACES, PODS, SECRETS } from '../../kube/resources.ts'
import { withClusterClient } from '../cluster/with-cluster-client.ts'
import { AGENT_NAMES, sideOfPod } from '../../common/experiments/agent-names.ts'
import type { ExperimentContext } from './experiment-context.ts'
import { pollUntil } from './poll.ts'
import { findObject, listWorkers } from './read-agents.ts'
import { deletePresent, isOwn } from './write-agent-objects.ts'

const { namespace, staticFile } = AGENT_NAMES
/** Ten seconds of grace, and what controllers and kubelets take on a loaded laptop. */
const GONE_SECONDS = 120
/** Every namespace has it. */
const ROOT_CERTIFICATE = 'kube-root-ca.crt'

/** Resolves when their pods have gone. @throws Unavailable, Timeout */
export async function removeAgents(context: ExperimentContext, lab: string): Promise<void> {
  for (const node of await listWorkers(context, lab)) await removeFile(context, { lab, node })
  await removeObjectsOfAgents(context, lab)
}

/** The same of what has no file. */
export async function removeObjectsOfAgents(context: ExperimentContext, lab: string): Promise<void> {
  const { clock } = context
  const isWhole = await withClusterClient(context, lab, removeObjects)
  if (isWhole)
    await pollUntil({ clock, atMostSeconds: GONE_SECONDS, otherwise: `the namespace ${namespace} has not gone` }, () =>
      withClusterClient(context, lab, async (client) => {
        return (await findObject(client, NAMESPACES, { name: namespace })) === undefined
      }),
    )
  await pollUntil({ clock, atMostSeconds: GONE_SECONDS, otherwise: 'pods of the agents have not gone' }, () =>
    hasNoAgents(context, lab),
  )
}

export async function removeDeployment(context: ExperimentContext, lab: string): Promise<void> {
  await withClusterClient(context, lab, async (client) => {
    for (const object of (await client.list(DEPLOYMENTS, { namespace })).items.filter(isOwn))
      await deletePresent(client, DEPLOYMENTS, addressOf(object))
  })
}

export async function removeFile(
  { labManager }: ExperimentContext,
  target: { lab: string; node: string },
): Promise<void> {
  try {
    await labManager.removeManifest(target, staticFile)
  } catch (error) {
    if (!isLabError(error) || error.kind !== 'NotFound') throw error
  }
}

/** Whether the namespace goes with them. */
async function removeObjects(client: ApiClient): Promise<boolean> {
  const found = await findObject(client, NAMESPACES, { name: namespace })
  if (found === undefined) return true
  if (isOwn(found) && !(await hasOthers(client))) return deletePresent(client, NAMESPACES, { name: namespace })
  for (const resource of [DAEMON_SETS, DEPLOYMENTS, CONFIG_MAPS])
    for (const object of (await client.list(resource, { namespace })).items.filter(isOwn))
      await deletePresent(client, resource, addressOf(object))
  return false
}

async function hasOthers(client: ApiClient): Promise<boolean> {
  for (const resource of [DAEMON_SETS, DEPLOYMENTS, CONFIG_MAPS, SECRETS]) {
    const { items } = await client.list(resource, { namespace })
    if (items.some((object) => !isOwn(object) && object.metadata.name !== ROOT_CERTIFICATE)) return true
  }
  const { items } = await client.list(PODS, { namespace })
  return items.some(({ metadata }) => sideOfPod(metadata.name ?? '') === undefined)
}

/** By the kubelets' word, of those that answer. */
async function hasNoAgents({ labManager }: ExperimentContext, lab: string): Promise<boolean> {
  const pods = (await labManager.views(lab)).flatMap((view) => view.pods)
  return !pods.some(
    ({ metadata: { namespace: place, name = '' } }) => place === namespace && sideOfPod(name) !== undefined,
  )
}

function addressOf({ metadata }: ApiObject): { namespace: string; name: string } {
  return { namespace, name: metadata.name ?? '' }
}
