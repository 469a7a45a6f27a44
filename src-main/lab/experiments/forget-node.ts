/** A node that was removed, as far as the API server still knows of it: a lab's node leaves its Node object behind, as a real one does. */
import { NODES, PODS } from '../../kube/resources.ts'
import { readNodePods } from '../cluster/read-api.ts'
import { withClusterClient } from '../cluster/with-cluster-client.ts'
import type { ExperimentContext } from './experiment-context.ts'
import { deletePresent } from './write-agent-objects.ts'

/**
 * Deletes the Node, and then its pods without grace: nobody is left to end them, and the pod garbage collector would take a minute
 * (facts 7.12). What is not there is no error. @throws Unavailable
 */
export async function forgetNode(
  context: Pick<ExperimentContext, 'clock' | 'openCluster' | 'store'>,
  lab: string,
  node: string,
): Promise<void> {
  await withClusterClient(context, lab, async (client) => {
    await deletePresent(client, NODES, { name: node })
    for (const { metadata } of await readNodePods(context, { lab, node })) {
      const { namespace = 'default', name = '' } = metadata
      await deletePresent(client, PODS, { namespace, name }, { gracePeriodSeconds: 0 })
    }
  })
}
