/** `apps/v1` ControllerRevision (Kubernetes 1.35). */
import type { ApiObject } from './api-object.ts'
import { INT64, OPAQUE, required } from './field-schema.ts'
import { kindSchema } from './kind-schema.ts'

export interface ControllerRevision extends ApiObject {
  /** A patch that brings the template back. */
  data?: unknown
  revision: number
}

export const CONTROLLER_REVISION_SCHEMA = kindSchema('ControllerRevision', {
  data: OPAQUE,
  revision: required(INT64),
})
