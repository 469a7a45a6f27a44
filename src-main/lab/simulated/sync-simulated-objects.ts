/**
 * What the API server knows of the simulated nodes, brought to where the lab is: each is registered, ready and has its role,
 * and those that are gone have no Node any more.
 */
import { labStep } from '../../common/lab/lab-texts.ts'
import { delay } from '../../base/clock.ts'
import { LabError } from '../../common/lab-error.ts'
import type { Node } from '../../common/api/node.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import { listSimulatedNodes, SIMULATED_LABEL, simulatedNodeNumber } from '../../common/lab/simulated-nodes.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { LEASES, NODES } from '../../kube/resources.ts'
import { hasReason } from '../../kube/status-error.ts'
import { withClusterClient } from '../cluster/with-cluster-client.ts'
import type { LabContext } from '../lab-context.ts'
import type { OnProgress } from '../lab-manager.ts'
import { inParallel } from '../store/in-parallel.ts'

/** A kubelet may not give itself a role. */
const ROLE_LABEL = 'node-role.kubernetes.io/simulated'
const LEASE_NAMESPACE = 'kube-node-lease'
const PARALLEL_REQUESTS = 8
const POLL_MS = 500
const READY_TIMEOUT_MS = 180_000

export interface SyncObjectsOptions {
  spec: LabSpec
  onProgress: OnProgress
  /** Whether it is waited until all are ready, as unless told otherwise. */
  awaitsReady?: boolean
  signal?: AbortSignal
}

/**
 * Resolves when all is so.
 * @throws Timeout with what is missing, Unavailable when the API server does not answer, Conflict with its words, Cancelled
 */
export async function syncSimulatedObjects(
  context: Pick<LabContext, 'clock' | 'store' | 'openCluster'>,
  { spec, onProgress, awaitsReady = true, signal }: SyncObjectsOptions,
): Promise<void> {
  const names = listSimulatedNodes(spec.simulatedNodes)
  await withClusterClient(context, spec.name, async (client) => {
    const deadlineMs = context.clock.now() + READY_TIMEOUT_MS
    let told = -1
    for (;;) {
      const ready = await syncOnce(client, new Set(names))
      if (ready === names.length || !awaitsReady) return
      if (ready !== told) onProgress(labStep('simulated-ready', { ready, count: names.length }, ready / names.length))
      told = ready
      if (signal?.aborted) throw new LabError({ kind: 'Cancelled', message: 'cancelled' })
      if (context.clock.now() >= deadlineMs) throw notReady(ready, names.length)
      await delay(context.clock, POLL_MS)
    }
  })
}

/** @returns how many of the nodes are ready */
async function syncOnce(client: ApiClient, names: ReadonlySet<string>): Promise<number> {
  const { items } = await client.list<Node>(NODES, { labelSelector: `${SIMULATED_LABEL}=true` })
  // A label is anybody's to give: other nodes may have it.
  const isSimulated = (name: string): boolean => simulatedNodeNumber(name) !== undefined
  const gone = items.filter(({ metadata: { name = '' } }) => isSimulated(name) && !names.has(name))
  await inParallel(PARALLEL_REQUESTS, gone, (node) => removeNode(client, node.metadata.name ?? ''))
  const present = items.filter(({ metadata }) => names.has(metadata.name ?? ''))
  const withoutRole = present.filter(({ metadata }) => metadata.labels?.[ROLE_LABEL] === undefined)
  await inParallel(PARALLEL_REQUESTS, withoutRole, async ({ metadata }) => {
    const patch = { metadata: { labels: { [ROLE_LABEL]: '' } } }
    await client.patch(NODES, { name: metadata.name ?? '' }, 'application/merge-patch+json', patch)
  })
  return present.filter(isReady).length
}

/** Its lease would go with it, were it not that its kubelet may have renewed it a moment ago. */
async function removeNode(client: ApiClient, name: string): Promise<void> {
  for (const [of, address] of [
    [NODES, { name }],
    [LEASES, { namespace: LEASE_NAMESPACE, name }],
  ] as const)
    try {
      await client.delete(of, address)
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error
    }
}

function isReady({ status }: Node): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true
}

function notReady(ready: number, count: number): LabError {
  return new LabError({
    kind: 'Timeout',
    message: `${count - ready} of ${count} simulated nodes are not ready after ${READY_TIMEOUT_MS / 1000} s`,
    remedy: 'See which with: node-lab kubectl get nodes',
  })
}
