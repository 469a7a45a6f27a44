/**
 * What the editor says in Korean of every type and field that a manifest of a Pod can have. It is loaded with the editor only; the
 * API server, and so `kubectl explain`, speaks English.
 */
import type { TypeDescriptions } from '@common/api/descriptions/type-descriptions.ts'
import { CONTAINER_DESCRIPTIONS } from './container-descriptions.ts'
import { OBJECT_DESCRIPTIONS } from './object-descriptions.ts'
import { PLACEMENT_DESCRIPTIONS } from './placement-descriptions.ts'
import { POD_DESCRIPTIONS } from './pod-descriptions.ts'
import { PROBE_DESCRIPTIONS } from './probe-descriptions.ts'
import { SECURITY_DESCRIPTIONS } from './security-descriptions.ts'
import { VOLUME_DESCRIPTIONS } from './volume-descriptions.ts'

export const KOREAN_DESCRIPTIONS: TypeDescriptions = {
  ...OBJECT_DESCRIPTIONS,
  ...POD_DESCRIPTIONS,
  ...CONTAINER_DESCRIPTIONS,
  ...PROBE_DESCRIPTIONS,
  ...SECURITY_DESCRIPTIONS,
  ...PLACEMENT_DESCRIPTIONS,
  ...VOLUME_DESCRIPTIONS,
}
