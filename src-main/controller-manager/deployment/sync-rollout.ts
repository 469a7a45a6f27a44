/** One step towards what a Deployment wants (deployment_controller.go syncDeployment, rolling.go, recreate.go, sync.go). */
import type { Deployment, DeploymentStatus } from '../../common/api/deployment.ts'
import type { ReplicaSet } from '../../common/api/replica-set.ts'
import { DEPLOYMENTS, REPLICA_SETS } from '../../kube/resources.ts'
import { hasReason } from '../../kube/status-error.ts'
import { isSameStatus } from '../control/same-status.ts'
import { computeNewReplicas, computeOldScalings } from './compute-rolling-update.ts'
import { computeScalings, isScalingEvent } from './compute-scaling.ts'
import { computeDeploymentStatus, computeRolloutStatus, isComplete } from './compute-status.ts'
import { revisionOf } from './deployment-annotations.ts'
import { computePauseCondition, newCondition } from './deployment-conditions.ts'
import { isActive, sumOf, viewRollout, type RolloutView } from './rollout-view.ts'
import { scaleReplicaSets, type RolloutTools } from './scale-replica-set.ts'
import { ensureNewReplicaSet, syncNewReplicaSet, updateConditions } from './sync-new-replica-set.ts'

const UNLIMITED = 2 ** 31 - 1

export interface RolloutRequest {
  deployment: Deployment
  /** Its own. */
  sets: readonly ReplicaSet[]
  /** Whether a pod of these ReplicaSets has not ended, be it that it is being deleted. */
  haveLivePods(sets: readonly ReplicaSet[]): boolean
}

/** The status that it has then. Rejects as the client does; what others wrote meanwhile comes again with their change. */
export async function syncRollout(tools: RolloutTools, request: RolloutRequest): Promise<DeploymentStatus> {
  const { sets } = request
  const isGoing = request.deployment.metadata.deletionTimestamp !== undefined
  const deployment = isGoing ? request.deployment : await syncPauseCondition(tools, request.deployment)
  const view = await syncNewReplicaSet(tools, viewRollout(deployment, sets))
  if (isGoing) return await syncStatus(tools, view, computeDeploymentStatus)
  if (deployment.spec.paused === true || isScalingEvent(view)) {
    await scaleReplicaSets(tools, view.deployment, computeScalings(view))
    if (deployment.spec.paused === true) await cleanUp(tools, view)
    return await syncStatus(tools, view, computeDeploymentStatus)
  }
  const after =
    deployment.spec.strategy?.type === 'Recreate'
      ? await recreate(tools, view, request)
      : await rollOn(tools, await ensureNewReplicaSet(tools, view))
  if (isComplete(after.deployment, after.deployment.status)) await cleanUp(tools, after)
  return await syncStatus(tools, after, computeRolloutStatus)
}

async function syncPauseCondition(tools: RolloutTools, deployment: Deployment): Promise<Deployment> {
  const said = computePauseCondition(deployment)
  if (said === undefined) return deployment
  return await updateConditions(tools, deployment, newCondition(said, tools.clock.now()))
}

async function rollOn(tools: RolloutTools, view: RolloutView & { newSet: ReplicaSet }): Promise<RolloutView> {
  const { deployment, newSet } = view
  const present = newSet.spec.replicas ?? 0
  const replicas = computeNewReplicas(view, present)
  const scalings = replicas === present ? computeOldScalings(view) : [{ set: newSet, replicas }]
  await scaleReplicaSets(tools, deployment, scalings)
  return view
}

/** Nothing new before everything old has ended. */
async function recreate(
  tools: RolloutTools,
  view: RolloutView,
  { haveLivePods }: RolloutRequest,
): Promise<RolloutView> {
  const { oldSets } = view
  const active = oldSets.filter(isActive)
  if (active.length > 0) {
    await scaleReplicaSets(
      tools,
      view.deployment,
      active.map((set) => ({ set, replicas: 0 })),
    )
    return view
  }
  if (sumOf(oldSets, 'replicas') > 0 || haveLivePods(oldSets)) return view
  return await rollOn(tools, await ensureNewReplicaSet(tools, view))
}

/** Forgets revisions, the lowest first, of which there are more than `revisionHistoryLimit`. */
async function cleanUp({ client }: RolloutTools, { deployment, oldSets }: RolloutView): Promise<void> {
  const { revisionHistoryLimit = UNLIMITED } = deployment.spec
  const kept = oldSets.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  const surplus = revisionHistoryLimit === UNLIMITED ? 0 : Math.max(0, kept.length - revisionHistoryLimit)
  const oldest = kept.toSorted((left, right) => revisionOf(left) - revisionOf(right)).slice(0, surplus)
  for (const { metadata, spec, status } of oldest) {
    const isSeen = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)
    if ((status?.replicas ?? 0) !== 0 || (spec.replicas ?? 0) !== 0 || !isSeen) continue
    const { namespace = '', name = '' } = metadata
    await client.delete(REPLICA_SETS, { namespace, name }).catch((error: unknown) => {
      if (!hasReason(error, 'NotFound')) throw error
    })
  }
}

async function syncStatus(
  { client, clock }: RolloutTools,
  view: RolloutView,
  compute: (view: RolloutView, nowMs: number) => DeploymentStatus,
): Promise<DeploymentStatus> {
  const { deployment } = view
  const status = compute(view, clock.now())
  if (!isSameStatus(deployment.status, status))
    await client.update<Deployment>(DEPLOYMENTS, { ...deployment, status }, 'status')
  return status
}
