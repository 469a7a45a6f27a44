/** What the tray's icon says, from all labs at once. */
import type { LabStatus } from '../../common/lab/lab-status.ts'

export type TrayState = 'idle' | 'busy' | 'running' | 'trouble'

/** What needs somebody comes before what is under way, and that before what is well. */
export function computeTrayState(labs: readonly Pick<LabStatus, 'state'>[]): TrayState {
  const states = new Set(labs.map(({ state }) => state))
  if (states.has('degraded')) return 'trouble'
  if (states.has('starting') || states.has('stopping') || states.has('deleting')) return 'busy'
  return states.has('running') ? 'running' : 'idle'
}
