/**
 * What becomes of a field in a static pod: carried out, not carried out, refused. Asked of the very rules by which the kubelet
 * judges a manifest, with the field in a sample pod. Pure.
 */
import { applyPodDefaults } from '@common/defaults/pod-defaults.ts'
import { computeRefusedFields } from '@common/lab/pod-policy.ts'
import { computeUnsupportedFields } from '@common/lab/unsupported-fields.ts'
import { findAPIReference } from '@common/validation/api-references.ts'
import { validatePod } from '@common/validation/validate-pod.ts'
import type { Pod } from '@common/api/core.ts'
import type { Locale } from '@common/settings/settings.ts'
import { formatFieldPath, isWithin, type FieldPath } from './field-path.ts'
import { describeField, schemaAt, typeName } from './field-schema-at.ts'
import { podWith, podWithout, samplesOf, valueAt } from './probe-pod.ts'

/**
 * `honoured`: it has its effect; `reference`: a static pod may not have it, since it refers to what only an API server has;
 * `forbidden`: no pod may have it when it is made; `refused`: Node Lab's policy does not start the pod or container (with some
 * values only, where `values` names them); `notHonoured`: Node Lab does not carry it out; `others`: it is for the scheduler or the
 * API server, and a kubelet does nothing with it; `overwritten`: the kubelet puts its own value there.
 */
export type FieldStanding =
  | { kind: 'honoured' | 'others' | 'overwritten' }
  | { kind: 'reference'; resource: string }
  | { kind: 'forbidden' | 'notHonoured'; detail: string }
  | { kind: 'refused'; detail: string; values: readonly string[] }

/** For the scheduler and the API server: a kubelet has no use for them. */
const FOR_OTHERS: readonly string[] = [
  'metadata.creationTimestamp',
  'metadata.finalizers',
  'metadata.generateName',
  'metadata.generation',
  'metadata.managedFields',
  'metadata.ownerReferences',
  'metadata.resourceVersion',
  'metadata.selfLink',
  'spec.affinity.podAffinity',
  'spec.affinity.podAntiAffinity',
  'spec.automountServiceAccountToken',
  'spec.schedulerName',
  'spec.topologySpreadConstraints',
]
const OVERWRITTEN: readonly string[] = ['spec.nodeName', 'status']

export interface FieldFacts {
  path: string
  name: string
  type: string
  description: string
  isRequired: boolean
  /** What counts when it is left out, as it would be written; absent when that is nothing. */
  default?: string
  values: readonly string[]
  standing: FieldStanding
}

/** `undefined` for a field that no Pod has. @param locale language of the description */
export function describeFieldFacts(path: FieldPath, locale: Locale): FieldFacts | undefined {
  const place = schemaAt(path)
  if (place === undefined || path.length === 0) return undefined
  const { schema } = place
  const byDefault = defaultOf(path)
  return {
    path: formatFieldPath(path),
    name: String(path.at(-1)),
    type: typeName(schema),
    description: describeField(path, locale),
    isRequired: isRequired(path),
    ...(byDefault !== undefined && { default: byDefault }),
    values: schema.type === 'string' ? (schema.values ?? []) : [],
    standing: computeStanding(path),
  }
}

/** What validation asks for though the schema lets it be absent. */
const ASKED_FOR: readonly string[] = ['apiVersion', 'kind', 'metadata.name']

function isRequired(path: FieldPath): boolean {
  const text = formatFieldPath(path)
  if (ASKED_FOR.includes(text) || /^spec\.(initC|c)ontainers\[\d+\]\.image$/.test(text)) return true
  return typeof path.at(-1) === 'string' && schemaAt(path)?.schema.presence === 'required'
}

function defaultOf(path: FieldPath): string | undefined {
  if (typeof path.at(-1) !== 'string') return undefined
  const value = valueAt(applyPodDefaults(podWithout(path)), path)
  const isSaid = valueAt(podWithout(path), path) !== undefined
  if (isSaid || value === undefined || value === '' || typeof value === 'object') return undefined
  return String(value)
}

/** Nothing is known of fields that no Pod has: they count as honoured, and other rules speak of them. */
export function computeStanding(path: FieldPath): FieldStanding {
  const schema = schemaAt(path)?.schema
  const indexed = path.map((part) => (typeof part === 'number' ? 0 : part))
  const text = formatFieldPath(indexed)
  if (OVERWRITTEN.some((field) => isWithin(text, field))) return { kind: 'overwritten' }
  if (FOR_OTHERS.some((field) => isWithin(text, field))) return { kind: 'others' }
  if (schema === undefined) return { kind: 'honoured' }
  const trials = samplesOf(schema).map((value) => ({ value, pod: podWith(indexed, value) }))
  for (const { pod } of trials) {
    const reference = findAPIReference(pod)
    if (reference !== undefined) return { kind: 'reference', resource: reference.resource }
  }
  for (const { pod } of trials) {
    const detail = forbiddenDetail(pod, text)
    if (detail !== undefined) return { kind: 'forbidden', detail }
  }
  const refused = trials.flatMap(({ value, pod }) => {
    const found = computeRefusedFields(pod).find(({ field }) => concerns(field, text))
    return found === undefined ? [] : [{ value: String(value), reason: found.reason }]
  })
  const [first] = refused
  if (first !== undefined) {
    const values = schema.type === 'string' && refused.length < trials.length ? refused.map(({ value }) => value) : []
    return { kind: 'refused', detail: first.reason, values }
  }
  for (const { pod } of trials) {
    const found = computeUnsupportedFields(pod).find(({ field }) => concerns(field, text))
    if (found !== undefined) return { kind: 'notHonoured', detail: found.consequence }
  }
  return { kind: 'honoured' }
}

/** A rule about `securityContext.seccompProfile` speaks of its `type`, and one about an item of a list of the list. */
function concerns(ruled: string, asked: string): boolean {
  return isWithin(ruled, asked) ? ruled === asked || ruled.startsWith(`${asked}[`) : asked === `${ruled}.type`
}

function forbiddenDetail(pod: Pod, text: string): string | undefined {
  const error = validatePod(applyPodDefaults(pod)).find(({ type, field }) => type === 'Forbidden' && field === text)
  return error?.detail
}
