/** Admission: what stands between an authorised write and the store (upstream's `admission.Interface`). */
import type { GroupVersionKind, GroupVersionResource, UnknownObject } from '../../common/api/api-object.ts'
import type { UserInfo } from '../authentication/user-info.ts'

export type AdmissionOperation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'

export interface AdmissionAttributes {
  operation: AdmissionOperation
  kind: GroupVersionKind
  resource: GroupVersionResource
  /** Empty when there is none. */
  subresource: string
  namespace: string
  name: string
  /** What is to be written (mutating plugins change it in place), or the subresource's body; absent for DELETE. */
  object: UnknownObject | undefined
  /** What stands there; absent for CREATE and CONNECT. */
  oldObject: UnknownObject | undefined
  user: UserInfo
  dryRun: boolean
  /** Adds a `Warning` header to the answer. */
  warn(message: string): void
}

/** One step; it refuses by throwing a `StatusError`. All `admit` run before the first `validate`. */
export interface AdmissionPlugin {
  /** Upstream's name, as in `--enable-admission-plugins`. */
  readonly name: string
  admit?(attributes: AdmissionAttributes): Promise<void>
  validate?(attributes: AdmissionAttributes): Promise<void>
}
