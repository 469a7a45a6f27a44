/**
 * Pods and timeline entries as their types promise them. What comes over the bridge was written by anybody: a field that is
 * absent though required, or of another type than the API's schema says, must not break a view. Pure.
 */
import type { Pod } from '@common/api/core.ts'
import type { FieldSchema, ObjectSchema } from '@common/api/field-schema.ts'
import { SERVED_POD_SCHEMA } from '@common/api/pod-status-schema.ts'
import type { ContainerStatus } from '@common/api/pod-status.ts'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'

/** Already looked at: a pod that did not change is the same object in the next view. */
const known = new WeakMap<object, Pod>()
const originals = new WeakMap<Pod, unknown>()

/** The same object when nothing is wrong with it. */
function wellFormedPod(value: unknown): Pod {
  const seen = isObject(value) ? known.get(value) : undefined
  if (seen !== undefined) return seen
  // What the schema requires is there after this; states, which it does not require, are added below.
  const conformed = (fit(value, SERVED_POD_SCHEMA) ?? zeroOf(SERVED_POD_SCHEMA)) as unknown as Pod
  const pod = withContainers(withStates(conformed))
  if (isObject(value)) known.set(value, pod)
  known.set(pod, pod)
  if (pod !== value) originals.set(pod, value)
  return pod
}

/** The same list when nothing is wrong with any of them. */
export function wellFormedPods(values: readonly unknown[]): Pod[] {
  const pods = values.map(wellFormedPod)
  // All of them are the objects that came, so the list is one of pods.
  return pods.every((pod, index) => pod === values[index]) ? (values as Pod[]) : pods
}

/** What a well-formed pod was made of. */
export function originalOf(pod: Pod): unknown {
  return originals.has(pod) ? originals.get(pod) : pod
}

/** Without those that say no time: they have no place on a timeline. */
export function wellFormedEntries(values: readonly unknown[]): readonly TimelineEntry[] {
  const isFine = values.every(isEntry)
  return isFine ? (values as readonly TimelineEntry[]) : values.filter(isEntry)
}

const TEXTS = ['boot', 'time', 'node', 'type', 'subject', 'reason', 'message'] as const

function isEntry(value: unknown): value is TimelineEntry {
  if (!isObject(value)) return false
  const { pod, container, file, cause, details, sequence } = value
  return (
    TEXTS.every((key) => typeof value[key] === 'string') &&
    typeof sequence === 'number' &&
    isTime(value['time']) &&
    [container, file, cause].every((text) => text === undefined || typeof text === 'string') &&
    (details === undefined || isObject(details)) &&
    (pod === undefined || (isObject(pod) && ['namespace', 'name', 'uid'].every((key) => typeof pod[key] === 'string')))
  )
}

function withContainers(pod: Pod): Pod {
  // A list that is absent is the schema's empty one, which it drops.
  const { containers } = pod.spec as Partial<Pod['spec']>
  return containers === undefined ? { ...pod, spec: { ...pod.spec, containers: [] } } : pod
}

function withStates(pod: Pod): Pod {
  const { status } = pod
  if (status === undefined) return pod
  const lists = [status.initContainerStatuses, status.containerStatuses].filter((list) => list !== undefined)
  if (lists.every((list) => list.every(hasStates))) return pod
  const complete = (list: readonly ContainerStatus[]): ContainerStatus[] =>
    list.map((one) => (hasStates(one) ? one : { ...one, state: one.state ?? {}, lastState: one.lastState ?? {} }))
  return {
    ...pod,
    status: {
      ...status,
      ...(status.initContainerStatuses && { initContainerStatuses: complete(status.initContainerStatuses) }),
      ...(status.containerStatuses && { containerStatuses: complete(status.containerStatuses) }),
    },
  }
}

function hasStates({ state, lastState }: Partial<ContainerStatus>): boolean {
  return state !== undefined && lastState !== undefined
}

/** A value that the schema allows, or `undefined`; what is not in the schema stays. */
function conform(value: unknown, schema: FieldSchema): unknown {
  const fitting = fit(value, schema)
  return fitting === undefined && schema.presence === 'required' ? zeroOf(schema) : fitting
}

function fit(value: unknown, schema: FieldSchema): unknown {
  switch (schema.type) {
    case 'object':
      return isObject(value) ? fitObject(value, schema) : undefined
    case 'map':
      return isObject(value) ? fitMembers(value, () => schema.items) : undefined
    case 'array':
      return Array.isArray(value) ? fitItems(value, schema.items) : undefined
    case 'string':
      return typeof value === 'string' && (schema.values ?? [value]).includes(value) ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'int32':
    case 'int64':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined
    case 'quantity':
    case 'intOrString':
      return typeof value === 'string' || typeof value === 'number' ? value : undefined
    case 'time':
      return isTime(value) ? value : undefined
    case 'opaque':
      return value ?? undefined
  }
}

function fitObject(value: Record<string, unknown>, schema: ObjectSchema): Record<string, unknown> {
  const fitting = fitMembers(value, (key) => (Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined))
  const missing = Object.entries(schema.fields).filter(
    ([key, field]) => field.presence === 'required' && fitting[key] === undefined,
  )
  if (missing.length === 0) return fitting
  return { ...fitting, ...Object.fromEntries(missing.map(([key, field]) => [key, zeroOf(field)])) }
}

function fitMembers(
  value: Record<string, unknown>,
  schemaOf: (key: string) => FieldSchema | undefined,
): Record<string, unknown> {
  let changed: Record<string, unknown> | undefined
  for (const [key, member] of Object.entries(value)) {
    const schema = schemaOf(key)
    if (schema === undefined) continue
    const fitting = conform(member, schema)
    if (fitting === member) continue
    changed ??= { ...value }
    if (fitting === undefined) delete changed[key]
    else changed[key] = fitting
  }
  return changed ?? value
}

function fitItems(items: readonly unknown[], schema: FieldSchema): readonly unknown[] {
  const fitting = items.map((item) => fit(item, schema)).filter((item) => item !== undefined)
  return fitting.length === items.length && fitting.every((item, index) => item === items[index]) ? items : fitting
}

function zeroOf(schema: FieldSchema): unknown {
  switch (schema.type) {
    case 'object':
      return fitObject({}, schema)
    case 'map':
      return {}
    case 'array':
      return []
    case 'boolean':
      return false
    case 'int32':
    case 'int64':
      return 0
    case 'string':
    case 'quantity':
    case 'intOrString':
    case 'time':
    case 'opaque':
      return ''
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(new Date(value).getTime())
}
