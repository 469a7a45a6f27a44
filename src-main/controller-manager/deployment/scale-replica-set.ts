/** Gives a ReplicaSet of a Deployment another number of pods, and tells of it (sync.go scaleReplicaSet). */
import type { Clock } from '../../base/clock.ts'
import type { Deployment } from '../../common/api/deployment.ts'
import type { ReplicaSet } from '../../common/api/replica-set.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import type { EventRecorder } from '../../kube/event-recorder.ts'
import { REPLICA_SETS } from '../../kube/resources.ts'
import { referenceTo } from '../control/reference-to.ts'
import type { Scaling } from './compute-rolling-update.ts'
import { computeReplicasAnnotations } from './deployment-annotations.ts'

/** What the steps of a rollout act with. */
export interface RolloutTools {
  client: ApiClient
  clock: Clock
  /** Of deployment-controller. */
  events: EventRecorder
}

/** In their order: a ReplicaSet may shrink twice. */
export async function scaleReplicaSets(
  tools: RolloutTools,
  deployment: Deployment,
  scalings: readonly Scaling[],
): Promise<void> {
  const newest = new Map<ReplicaSet, ReplicaSet>()
  for (const { set, replicas } of scalings)
    newest.set(set, await scaleReplicaSet(tools, deployment, newest.get(set) ?? set, replicas))
}

/** Also notes what the Deployment wants now, by which the next scaling is known. */
async function scaleReplicaSet(
  { client, events }: RolloutTools,
  deployment: Deployment,
  set: ReplicaSet,
  replicas: number,
): Promise<ReplicaSet> {
  const before = set.spec.replicas ?? 0
  const notes = computeReplicasAnnotations(deployment)
  const { annotations = {} } = set.metadata
  const areNoted = Object.entries(notes).every(([key, value]) => annotations[key] === value)
  if (before === replicas && areNoted) return set
  const scaled = await client.update<ReplicaSet>(REPLICA_SETS, {
    ...set,
    metadata: { ...set.metadata, annotations: { ...annotations, ...notes } },
    spec: { ...set.spec, replicas },
  })
  if (before !== replicas) {
    const direction = before < replicas ? 'up' : 'down'
    const message = `Scaled ${direction} replica set ${set.metadata.name ?? ''} from ${before} to ${replicas}`
    events.record(referenceTo(deployment), 'Normal', 'ScalingReplicaSet', message)
  }
  return scaled
}
