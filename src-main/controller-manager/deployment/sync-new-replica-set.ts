/** Sees to it that the present template has its ReplicaSet, and that both say which revision it is (sync.go getNewReplicaSet). */
import { isDeepStrictEqual } from 'node:util'
import type { Deployment, DeploymentCondition } from '../../common/api/deployment.ts'
import type { ReplicaSet } from '../../common/api/replica-set.ts'
import { DEPLOYMENTS, REPLICA_SETS } from '../../kube/resources.ts'
import { hasReason } from '../../kube/status-error.ts'
import { isNamespaceTerminating } from '../control/namespace-terminating.ts'
import { controllerOf, newControllerReference } from '../control/owner-reference.ts'
import { referenceTo } from '../control/reference-to.ts'
import { templateHash } from '../control/template-hash.ts'
import { computeNewReplicas } from './compute-rolling-update.ts'
import {
  computeReplicasAnnotations,
  computeRevisionAnnotations,
  REVISION_ANNOTATION,
  revisionOf,
} from './deployment-annotations.ts'
import { newCondition, progressDeadlineMs, progressingOf, setCondition } from './deployment-conditions.ts'
import { HASH_LABEL, isSameTemplate, type RolloutView } from './rollout-view.ts'
import type { RolloutTools } from './scale-replica-set.ts'

/** Notes on a ReplicaSet that is there: of the Deployment and its revision. */
export async function syncNewReplicaSet(tools: RolloutTools, view: RolloutView): Promise<RolloutView> {
  const { deployment, newSet } = view
  if (newSet === undefined) return view
  const { minReadySeconds = 0 } = deployment.spec
  const annotations = computeRevisionAnnotations(deployment, newSet.metadata.annotations, nextRevision(view))
  const isNoted = isDeepStrictEqual(annotations, newSet.metadata.annotations ?? {})
  if (!isNoted || (newSet.spec.minReadySeconds ?? 0) !== minReadySeconds) {
    const noted = await tools.client.update<ReplicaSet>(REPLICA_SETS, {
      ...newSet,
      metadata: { ...newSet.metadata, annotations: { ...annotations } },
      spec: { ...newSet.spec, minReadySeconds },
    })
    return { ...view, newSet: noted }
  }
  const isFound = progressDeadlineMs(deployment) !== undefined && progressingOf(deployment) === undefined
  const found = isFound
    ? progress(tools, 'True', 'FoundNewReplicaSet', `Found new replica set ${named(newSet)}`)
    : undefined
  return { ...view, deployment: await noteOnDeployment(tools, deployment, revisionOf(newSet), found) }
}

/** Makes the ReplicaSet when there is none. Rejects as the client does, when that was told. */
export async function ensureNewReplicaSet(
  tools: RolloutTools,
  view: RolloutView,
): Promise<RolloutView & { newSet: ReplicaSet }> {
  const { deployment, newSet } = view
  if (newSet !== undefined) return { ...view, newSet }
  const wanted = newReplicaSet(view)
  const made = await createReplicaSet(tools, deployment, wanted)
  const { replicas = 0 } = wanted.spec
  if (made.isOurs && replicas > 0) {
    const message = `Scaled up replica set ${made.set.metadata.name ?? ''} from 0 to ${replicas}`
    tools.events.record(referenceTo(deployment), 'Normal', 'ScalingReplicaSet', message)
  }
  const created =
    made.isOurs && progressDeadlineMs(deployment) !== undefined
      ? progress(tools, 'True', 'NewReplicaSetCreated', `Created new replica set ${named(made.set)}`)
      : undefined
  const noted = await noteOnDeployment(tools, deployment, nextRevision(view), created)
  return { ...view, deployment: noted, newSet: made.set }
}

function nextRevision({ oldSets }: RolloutView): number {
  return Math.max(0, ...oldSets.map(revisionOf)) + 1
}

function newReplicaSet(view: RolloutView): ReplicaSet {
  const { deployment } = view
  const { template, selector = {}, minReadySeconds } = deployment.spec
  const { namespace = '', name = '' } = deployment.metadata
  const hash = templateHash(template, deployment.status?.collisionCount)
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash }
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      // The same for the same template: a second attempt finds what the first one made.
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: {
        ...computeRevisionAnnotations(deployment, undefined, nextRevision(view)),
        ...computeReplicasAnnotations(deployment),
      },
      ownerReferences: [newControllerReference(deployment)],
    },
    spec: {
      replicas: computeNewReplicas(view, 0),
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  }
}

/** `isOurs`: made just now, and not found. */
async function createReplicaSet(
  tools: RolloutTools,
  deployment: Deployment,
  wanted: ReplicaSet,
): Promise<{ set: ReplicaSet; isOurs: boolean }> {
  const { client, events } = tools
  try {
    return { set: await client.create(REPLICA_SETS, wanted), isOurs: true }
  } catch (error) {
    if (hasReason(error, 'AlreadyExists')) return await findReplicaSet(tools, deployment, wanted, error)
    if (isNamespaceTerminating(error)) throw error
    const words = error instanceof Error ? error.message : String(error)
    const message = `Failed to create new replica set ${named(wanted)}: ${words}`
    events.record(referenceTo(deployment), 'Warning', 'ReplicaSetCreateError', message)
    if (progressDeadlineMs(deployment) !== undefined)
      await updateConditions(tools, deployment, progress(tools, 'False', 'ReplicaSetCreateError', message))
    throw error
  }
}

/** What has its name is its own, which the watch has not shown; or its hash is another template's too. */
async function findReplicaSet(
  { client }: RolloutTools,
  deployment: Deployment,
  wanted: ReplicaSet,
  error: Error,
): Promise<{ set: ReplicaSet; isOurs: boolean }> {
  const { namespace = '', name = '' } = wanted.metadata
  const set = await client.get<ReplicaSet>(REPLICA_SETS, { namespace, name })
  const isOwn = controllerOf(set)?.uid === deployment.metadata.uid
  if (isOwn && isSameTemplate(set.spec.template, deployment.spec.template)) return { set, isOurs: false }
  const status = { ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 }
  await client.update<Deployment>(DEPLOYMENTS, { ...deployment, status }, 'status')
  throw error
}

/** The Deployment as it is then. */
async function noteOnDeployment(
  tools: RolloutTools,
  deployment: Deployment,
  revision: number,
  condition: DeploymentCondition | undefined,
): Promise<Deployment> {
  const { metadata } = deployment
  const isNoted = metadata.annotations?.[REVISION_ANNOTATION] === String(revision)
  if (isNoted && condition === undefined) return deployment
  const annotations = { ...metadata.annotations, [REVISION_ANNOTATION]: String(revision) }
  return await updateConditions(tools, { ...deployment, metadata: { ...metadata, annotations } }, condition)
}

export async function updateConditions(
  { client }: RolloutTools,
  deployment: Deployment,
  condition: DeploymentCondition | undefined,
): Promise<Deployment> {
  const { conditions = [] } = deployment.status ?? {}
  const next = condition === undefined ? conditions : setCondition(conditions, condition)
  const status = { ...deployment.status, conditions: [...next] }
  return await client.update<Deployment>(DEPLOYMENTS, { ...deployment, status }, 'status')
}

function progress(
  { clock }: RolloutTools,
  status: DeploymentCondition['status'],
  reason: string,
  message: string,
): DeploymentCondition {
  return newCondition({ type: 'Progressing', status, reason, message }, clock.now())
}

function named({ metadata }: ReplicaSet): string {
  return JSON.stringify(metadata.name)
}
