/** What workloads have in common: the template of their pods, and the counts of a rolling update. */
import type { PodSpec } from './core.ts'
import { object, type ScalarSchema } from './field-schema.ts'
import type { ObjectMeta } from './meta.ts'
import { OBJECT_META, POD_SPEC } from './pod-schema.ts'

/** `core/v1` PodTemplateSpec. */
export interface PodTemplateSpec {
  metadata?: ObjectMeta
  spec: PodSpec
}

export const POD_TEMPLATE = object('PodTemplateSpec', { metadata: OBJECT_META, spec: POD_SPEC })

/** A number of pods or a percentage of them; absent differs from 0. */
export const COUNT_OR_PERCENT: ScalarSchema = { type: 'intOrString', presence: 'pointer' }
