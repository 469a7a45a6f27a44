/** Empties a node through the eviction API, so that disruption budgets have their say (CTL/drain/drain.go; facts 7.14, 8.5.10). */
import { labStep } from '../../common/lab/lab-texts.ts'
import { delay } from '../../base/clock.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { BlockedPod, DrainOutcome } from '../../common/lab/drain-outcome.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { PODS } from '../../kube/resources.ts'
import { hasReason, StatusError } from '../../kube/status-error.ts'
import type { LabContext } from '../lab-context.ts'
import type { OnProgress } from '../lab-manager.ts'
import { computeDrain } from './compute-drain.ts'
import { readNodePods, setSchedulable } from './read-api.ts'
import { withClusterClient } from './with-cluster-client.ts'

/** As kubectl does, after a budget's no. */
const RETRY_MS = 5_000
/** kubectl tries for ever; a window says after a while who stays, and why. */
const PATIENCE_MS = 60_000

export interface DrainWork {
  report: OnProgress
  /** The node is cordoned: whatever comes now, something was done. */
  onBegun?: () => void
  signal: AbortSignal
}

/**
 * Cordons the node, then has each pod evicted that may be. Resolves when all evictions were granted, or the patience with budgets
 * is over: pods end afterwards, with their own grace. A pod that cannot be evicted for another reason keeps no other from it.
 * @throws NotFound, Unavailable when nobody answers, Cancelled
 */
export async function drainNode(
  context: Pick<LabContext, 'clock' | 'openCluster' | 'store'>,
  { lab, node, podSelector }: { lab: string; node: string; podSelector?: string },
  { report, onBegun, signal }: DrainWork,
): Promise<DrainOutcome> {
  const { clock } = context
  await setSchedulable(context, { lab, node, schedulable: false })
  onBegun?.()
  const { evict, daemonSetPods, mirrorPods } = computeDrain(
    await readNodePods(context, { lab, node, ...(podSelector !== undefined && { labelSelector: podSelector }) }),
  )
  const endMs = clock.now() + PATIENCE_MS
  const outcome = { daemonSetPods: daemonSetPods.map(nameOf), mirrorPods: mirrorPods.map(nameOf) }
  return withClusterClient(context, lab, async (client) => {
    for (let left = evict; ; await delay(clock, RETRY_MS, signal)) {
      const blocked: BlockedPod[] = []
      for (const [index, pod] of left.entries()) {
        signal.throwIfAborted()
        const granted = evict.length - left.length + index - blocked.length
        report(labStep('pod-evict', { pod: nameOf(pod) }, granted / evict.length))
        const refusal = await refusalOfEviction(client, pod)
        if (refusal !== undefined) blocked.push({ pod: nameOf(pod), message: refusal })
      }
      const stays = new Set(blocked.map(({ pod }) => pod))
      left = left.filter((pod) => stays.has(nameOf(pod)))
      const [first] = blocked
      if (first === undefined || clock.now() + RETRY_MS > endMs) {
        const evicted = evict.map(nameOf).filter((name) => !stays.has(name))
        return { evicted, blocked, ...outcome }
      }
      report({ message: `${first.pod}: ${first.message}` })
    }
  })
}

/** `undefined`: it was granted, or there is nothing to evict any more. @throws ConnectionError when nobody answers */
async function refusalOfEviction(client: ApiClient, { metadata }: Pod): Promise<string | undefined> {
  const { namespace = 'default', name = '' } = metadata
  const eviction: ApiObject = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { namespace, name } }
  try {
    await client.create(PODS, eviction, { namespace, name, subresource: 'eviction' })
    return undefined
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined
    if (!(error instanceof StatusError)) throw error
    const { causes = [] } = error.status.details ?? {}
    return causes.find(({ reason }) => reason === 'DisruptionBudget')?.message ?? error.message
  }
}

function nameOf({ metadata }: Pod): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name ?? ''}`
}
