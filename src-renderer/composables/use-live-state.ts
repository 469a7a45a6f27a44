/** What the window knows now of an action's lab, for the rules of consequences. */
import type { ExplainedAction } from '../model/consequences/explained-action.ts'
import type { LiveState } from '../model/consequences/live-state.ts'
import { useClusterStore } from '../stores/cluster-store.ts'
import { useLabsStore } from '../stores/labs-store.ts'
import { useNodeContainersStore } from '../stores/node-containers-store.ts'
import { useTimelineStore } from '../stores/timeline-store.ts'
import { useViewsStore } from '../stores/views-store.ts'

export function useLiveState(): (action: ExplainedAction) => LiveState {
  const cluster = useClusterStore()
  const containers = useNodeContainersStore()
  const labs = useLabsStore()
  const timeline = useTimelineStore()
  const views = useViewsStore()
  return (action) => ({
    nowMs: Date.now(),
    lab: labs.labs.get(action.lab),
    views: [...views.views.values()].filter(({ lab }) => lab === action.lab),
    cluster: cluster.viewOf(action.lab),
    containers: containers.containersOf(action),
    entries: timeline.entriesOf(action.lab),
  })
}
