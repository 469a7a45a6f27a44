/** What stands there when an update begins. */
import type { UnknownObject } from '../../common/api/api-object.ts'

export interface CurrentState {
  key: string
  modRevision: number
  /** Read from the store just now; else it is the cache's, which may be behind. */
  isNewest: boolean
  /** Another copy at each call. */
  decode(): UnknownObject
}
