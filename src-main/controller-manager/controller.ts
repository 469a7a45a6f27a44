/** What a controller is: it watches some objects and brings others to where they should be. */
import type { Clock } from '../base/clock.ts'
import type { Disposable } from '../base/disposable.ts'
import type { Logger } from '../base/logger.ts'
import type { ApiClient } from '../kube/api-client.ts'
import type { EventRecorder } from '../kube/event-recorder.ts'
import type { ControllerManagerSettings } from './controller-manager-settings.ts'
import type { SharedInformers } from './shared-informers.ts'

export interface ControllerContext {
  client: ApiClient
  clock: Clock
  logger: Logger
  /** Who records events as this component, such as `daemonset-controller`. */
  eventsAs(component: string): EventRecorder
  settings: ControllerManagerSettings
  informers: SharedInformers
  /** Numbers in [0, 1), for names. */
  random: () => number
  /** PEM of `--root-ca-file`; empty without one. */
  rootAuthority: string
}

/** Begins to work at once; ends when it is disposed of. */
export type StartController = (context: ControllerContext) => Disposable
