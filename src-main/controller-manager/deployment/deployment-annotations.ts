/** What a Deployment notes on its ReplicaSets (pkg/controller/deployment/util/deployment_util.go). Pure. */
import type { Deployment } from '../../common/api/deployment.ts'
import type { ReplicaSet } from '../../common/api/replica-set.ts'
import { computeRollingLimits } from './rolling-limits.ts'

/** On both: which rollout it is, counted from 1. */
export const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision'
/** Revisions that a ReplicaSet had before it was rolled back to. */
const REVISION_HISTORY_ANNOTATION = 'deployment.kubernetes.io/revision-history'
/** How many pods the Deployment wanted when the ReplicaSet was scaled last: another number is a scaling, no rollout. */
const DESIRED_REPLICAS_ANNOTATION = 'deployment.kubernetes.io/desired-replicas'
/** The same with its surge. */
const MAX_REPLICAS_ANNOTATION = 'deployment.kubernetes.io/max-replicas'

const MAX_HISTORY_LENGTH = 2000

const NOT_COPIED: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  REVISION_ANNOTATION,
  REVISION_HISTORY_ANNOTATION,
  DESIRED_REPLICAS_ANNOTATION,
  MAX_REPLICAS_ANNOTATION,
])

export type Annotations = Readonly<Record<string, string>>

/** 0 for none, and for what is no number. */
export function revisionOf({ metadata }: ReplicaSet): number {
  return numberIn(metadata.annotations?.[REVISION_ANNOTATION]) ?? 0
}

/** `undefined` for what is no number. */
export function desiredReplicasOf({ metadata }: ReplicaSet): number | undefined {
  return numberIn(metadata.annotations?.[DESIRED_REPLICAS_ANNOTATION])
}

export function maxReplicasOf({ metadata }: ReplicaSet): number | undefined {
  return numberIn(metadata.annotations?.[MAX_REPLICAS_ANNOTATION])
}

/** Those of the Deployment and the revision, over what a ReplicaSet of the present template has. */
export function computeRevisionAnnotations(
  deployment: Deployment,
  before: Annotations | undefined,
  revision: number,
): Annotations {
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !NOT_COPIED.has(key))
  const annotations = { ...before, ...Object.fromEntries(copied) }
  const text = before?.[REVISION_ANNOTATION]
  // It may have more than the others have left, when those were deleted.
  if ((numberIn(text) ?? 0) >= revision) return annotations
  const history = text === undefined ? [] : addToHistory(before?.[REVISION_HISTORY_ANNOTATION], text)
  return {
    ...annotations,
    [REVISION_ANNOTATION]: String(revision),
    ...(history.length === 0 ? {} : { [REVISION_HISTORY_ANNOTATION]: history.join(',') }),
  }
}

export function computeReplicasAnnotations(deployment: Deployment): Annotations {
  const { replicas = 0 } = deployment.spec
  return {
    [DESIRED_REPLICAS_ANNOTATION]: String(replicas),
    [MAX_REPLICAS_ANNOTATION]: String(replicas + computeRollingLimits(deployment).maxSurge),
  }
}

/** The oldest are forgotten when there are too many. */
function addToHistory(history: string | undefined, revision: string): string[] {
  const revisions = [...(history ?? '').split(',').filter((one) => one !== ''), revision]
  while (revisions.join(',').length > MAX_HISTORY_LENGTH) revisions.shift()
  return revisions
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^-?[0-9]+$/.test(text) ? Number(text) : undefined
}
