/** `kubectl delete pod` by the lab manager. */
import { LabError } from '../../common/lab-error.ts'
import { ConnectionError } from '../../kube/api-client.ts'
import { hasReason, StatusError } from '../../kube/status-error.ts'
import type { LabContext } from '../lab-context.ts'
import { openClusterClient } from './cluster-client.ts'
import { PODS } from '../../kube/resources.ts'

/** @throws LabError NotFound, Unavailable when nobody answers, Conflict with the API server's words for everything else */
export async function deleteApiPod(
  context: LabContext,
  { lab, namespace, pod }: { lab: string; namespace: string; pod: string },
): Promise<void> {
  const client = openClusterClient(context.store.layout.kubeconfig(lab), context.clock)
  try {
    await client.delete(PODS, { namespace, name: pod })
  } catch (error) {
    if (error instanceof ConnectionError)
      throw new LabError({
        kind: 'Unavailable',
        message: `the API server of the lab does not answer: ${error.message}`,
      })
    if (!(error instanceof StatusError)) throw error
    throw new LabError({ kind: hasReason(error, 'NotFound') ? 'NotFound' : 'Conflict', message: error.message })
  } finally {
    client.dispose()
  }
}
