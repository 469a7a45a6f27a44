/** An event of the API server, in short: a line of `kubectl describe`. */
import type { Time } from '../api/meta.ts'

export interface ApiEvent {
  /** Of the object that it is about: another one may have had its name. */
  uid: string
  type: 'Normal' | 'Warning'
  reason: string
  message: string
  /** Who tells, such as `kubelet` or `default-scheduler`. */
  component: string
  count: number
  /** Empty when it does not say. */
  lastSeen: Time
}
