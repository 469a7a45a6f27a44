/** The lanes of the present lab as rows, after filters, order and folding. */
import { computed, type ComputedRef } from 'vue'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import type { UserAction } from '@common/lab/user-action.ts'
import { LaneComputer, type Lanes } from '../../model/compute-lanes.ts'
import { computeLaneRows, type LaneRow } from '../../model/lane-rows.ts'
import { entryMatcher, laneMatcher } from '../../model/timeline-filter.ts'
import { useActionsStore } from '../../stores/actions-store.ts'
import { useLabsStore } from '../../stores/labs-store.ts'
import { useTimelinePageStore } from '../../stores/timeline-page-store.ts'
import { useTimelineStore } from '../../stores/timeline-store.ts'

const NONE: readonly UserAction[] = []

export interface LaneRows {
  lanes: ComputedRef<Lanes>
  rows: ComputedRef<readonly LaneRow[]>
  actions: ComputedRef<readonly UserAction[]>
  entryMatches: ComputedRef<(entry: TimelineEntry) => boolean>
}

export function useLaneRows(): LaneRows {
  const labs = useLabsStore()
  const page = useTimelinePageStore()
  const store = useTimelineStore()
  const userActions = useActionsStore()
  const lab = computed(() => labs.current?.name ?? '')
  const computer = new LaneComputer()
  const lanes = computed(() => computer.compute(store.entriesOf(lab.value)))
  const actions = computed(() => (page.showsActions ? userActions.actionsOf(lab.value) : NONE))
  const entryMatches = computed(() => entryMatcher({ ...page.filter }))
  const laneMatches = computed(() => laneMatcher({ ...page.filter }))
  const rows = computed(() =>
    computeLaneRows(lanes.value, {
      matches: laneMatches.value,
      sort: page.sort,
      closedNodes: page.closedNodes,
      openPods: page.openPods,
      actions: actions.value,
      simulatedNodes: labs.current?.simulatedNodes?.count ?? 0,
    }),
  )
  return { lanes, rows, actions, entryMatches }
}
