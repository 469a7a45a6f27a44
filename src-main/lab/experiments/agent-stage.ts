/** The agents are put on the stage; that may be repeated. */
import type { SideName } from '../../common/experiments/experiment.ts'
import { LabError } from '../../common/lab-error.ts'
import { NAMESPACES } from '../../kube/resources.ts'
import { withClusterClient } from '../cluster/with-cluster-client.ts'
import { agentFile, FIRST_PARAMETERS } from './agent-manifests.ts'
import { WORKLOADS } from './act-on-workload.ts'
import { AGENT_NAMES } from '../../common/experiments/agent-names.ts'
import type { ExperimentContext } from './experiment-context.ts'
import { pollUntil } from './poll.ts'
import { listWorkers, readAgentFile, readAgentObjects } from './read-agents.ts'
import { createMissing, ensureNamespace, isOwn } from './write-agent-objects.ts'

const { namespace, staticFile, workload } = AGENT_NAMES
/** One that ends has its pods' grace, and what controllers and kubelets take on a loaded laptop. */
const GONE_SECONDS = 120
const ANSWERS_SECONDS = 180

/** What is there already stays as it is. Resolves when all is defined: whether it runs, others look. @throws Unavailable */
export async function defineAgents(context: ExperimentContext, lab: string, sides: readonly SideName[]): Promise<void> {
  const workers = await listWorkers(context, lab)
  await refuseOthers(context, lab)
  await awaitNamespace(context, lab)
  await withClusterClient(context, lab, async (client) => {
    for (const side of sides) {
      if (side === 'static') continue
      const { resource, define } = WORKLOADS[side]
      await createMissing(client, resource, define(FIRST_PARAMETERS, workers.length))
    }
  })
  if (!sides.includes('static')) return
  for (const node of workers)
    if ((await readAgentFile(context, { lab, node })) === undefined)
      await context.labManager.applyManifest({ lab, node }, staticFile, agentFile(FIRST_PARAMETERS))
}

/** @throws Timeout */
export async function awaitApiServer(context: ExperimentContext, lab: string): Promise<void> {
  const { clock } = context
  await pollUntil({ clock, atMostSeconds: ANSWERS_SECONDS, otherwise: 'the API server does not answer' }, () =>
    withClusterClient(context, lab, async (client) => {
      await client.get(NAMESPACES, { name: 'default' })
      return true
    }),
  )
}

/** Made, and not one that ends: there nothing new is taken. */
async function awaitNamespace(context: ExperimentContext, lab: string): Promise<void> {
  const otherwise = `the namespace ${namespace} cannot be had`
  await pollUntil({ clock: context.clock, atMostSeconds: GONE_SECONDS, otherwise }, () =>
    withClusterClient(context, lab, async (client) => {
      await ensureNamespace(client)
      const { metadata } = await client.get(NAMESPACES, { name: namespace })
      return metadata.deletionTimestamp === undefined
    }),
  )
}

/** @throws Conflict for an object of that name that somebody else has made */
async function refuseOthers(context: ExperimentContext, lab: string): Promise<void> {
  const { daemonSet, deployment } = await withClusterClient(context, lab, readAgentObjects)
  for (const object of [daemonSet, deployment])
    if (object !== undefined && !isOwn(object))
      throw new LabError({
        kind: 'Conflict',
        message: `there is a ${object.kind} ${namespace}/${workload} that Node Lab has not made`,
        remedy: 'Give it another name or namespace.',
      })
}
