/** What has to be written to the API server so that it shows a pod as the kubelet sees it. Pure. */
import { isDeepStrictEqual } from 'node:util'
import type { PodCondition, PodStatus } from '../../common/api/pod-status.ts'

/** The conditions that are a kubelet's; all others are somebody else's and stay (facts 2.7). */
const OWN_CONDITIONS: readonly string[] = [
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
]

/** Fields that the server or another component fills, which a kubelet without a value for them leaves alone. */
const OTHERS_FIELDS: readonly string[] = [
  'nominatedNodeName',
  'resize',
  'ephemeralContainerStatuses',
  'observedGeneration',
]

/** Of a strategic merge; `undefined` when there is nothing to write. */
export function computeStatusPatch(server: PodStatus | undefined, own: PodStatus): Record<string, unknown> | undefined {
  const before = (server ?? {}) as Record<string, unknown>
  const after = own as Record<string, unknown>
  const patch: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(after))
    if (field !== 'conditions' && value !== undefined && !isSame(before[field], value)) patch[field] = value
  for (const field of Object.keys(before))
    if (after[field] === undefined && field !== 'conditions' && !OTHERS_FIELDS.includes(field)) patch[field] = null
  const conditions = conditionsPatch(server?.conditions ?? [], own.conditions ?? [])
  if (conditions.length > 0) patch['conditions'] = conditions
  return Object.keys(patch).length === 0 ? undefined : patch
}

type ConditionPatch = PodCondition | { $patch: 'delete'; type: string }

function conditionsPatch(before: PodCondition[], after: PodCondition[]): ConditionPatch[] {
  const changed = after.flatMap((condition): ConditionPatch[] => {
    const old = before.find(({ type }) => type === condition.type)
    return old !== undefined && isSame(old, condition) ? [] : [withClearedWords(old, condition)]
  })
  const gone = before.filter(
    ({ type }) => OWN_CONDITIONS.includes(type) && !after.some((condition) => condition.type === type),
  )
  return [...changed, ...gone.map(({ type }): ConditionPatch => ({ $patch: 'delete', type }))]
}

/** What a merge would otherwise leave of the condition that stood there. */
function withClearedWords(old: PodCondition | undefined, condition: PodCondition): PodCondition {
  const cleared: Record<string, null> = {}
  if (old?.reason !== undefined && condition.reason === undefined) cleared['reason'] = null
  if (old?.message !== undefined && condition.message === undefined) cleared['message'] = null
  return { ...condition, ...cleared }
}

/** Absent, empty and `null` are one to the API. */
function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(normalise(one), normalise(other))
}

function normalise(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(normalise)
  if (typeof value !== 'object' || value === null) return value ?? undefined
  const fields = Object.entries(value).flatMap(([key, field]) => {
    const normal = normalise(field)
    return normal === undefined ? [] : [[key, normal] as const]
  })
  return fields.length === 0 ? undefined : Object.fromEntries(fields)
}
