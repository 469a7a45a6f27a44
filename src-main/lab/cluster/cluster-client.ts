/** The lab's API server as a client of this machine reaches it: by the kubeconfig of the lab. */
import { readFileSync } from 'node:fs'
import type { Clock } from '../../base/clock.ts'
import { LabError } from '../../common/lab-error.ts'
import { KubeconfigError, readKubeconfig } from '../../kube/kubeconfig.ts'
import { RestClient } from '../../kube/rest-client.ts'

/** @throws LabError Unavailable when the kubeconfig is not there (yet) or cannot be used */
export function openClusterClient(kubeconfig: string, clock: Clock): RestClient {
  try {
    const access = readKubeconfig(kubeconfig, (path) => readFileSync(path, 'utf8'))
    return new RestClient({ access, userAgent: 'node-lab', clock })
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error
    throw new LabError(
      {
        kind: 'Unavailable',
        message: `the lab's kubeconfig cannot be used: ${error.message}`,
        remedy: 'node-lab up writes it again.',
      },
      { cause: error },
    )
  }
}
