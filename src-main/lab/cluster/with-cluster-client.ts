/** A few requests to a lab's API server, and what went wrong with them in the words that people of the lab understand. */
import { LabError } from '../../common/lab-error.ts'
import { ConnectionError, type ApiClient } from '../../kube/api-client.ts'
import { hasReason, StatusError } from '../../kube/status-error.ts'
import type { LabContext } from '../lab-context.ts'

/** @throws NotFound, Unavailable when nobody answers, Conflict with the API server's words otherwise; what `ask` throws of its own */
export async function withClusterClient<Answer>(
  { clock, openCluster, store }: Pick<LabContext, 'clock' | 'openCluster' | 'store'>,
  lab: string,
  ask: (client: ApiClient) => Promise<Answer>,
): Promise<Answer> {
  const client = openCluster(store.layout.kubeconfig(lab), clock)
  try {
    return await ask(client)
  } catch (error) {
    throw asLabError(lab, error)
  } finally {
    client.dispose()
  }
}

function asLabError(lab: string, error: unknown): unknown {
  if (error instanceof ConnectionError)
    return new LabError({
      kind: 'Unavailable',
      message: `the API server of the lab does not answer: ${error.message}`,
      remedy: `See whether its node runs with: node-lab status --lab ${lab}`,
    })
  if (!(error instanceof StatusError)) return error
  return new LabError({ kind: hasReason(error, 'NotFound') ? 'NotFound' : 'Conflict', message: error.message })
}
