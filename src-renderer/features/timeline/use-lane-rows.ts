/** The lanes of the present lab as rows, after filters, order and folding. */
import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { countPods } from '@common/lab/pod-tally.ts'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import type { UserAction } from '@common/lab/user-action.ts'
import { LaneComputer, type Lanes } from '../../model/compute-lanes.ts'
import { computeLaneRows, type LaneRow } from '../../model/lane-rows.ts'
import { summarizeSimulated } from '../../model/simulated-nodes.ts'
import { entryMatcher, laneMatcher } from '../../model/timeline-filter.ts'
import { useActionsStore } from '../../stores/actions-store.ts'
import { useClusterStore } from '../../stores/cluster-store.ts'
import { useLabsStore } from '../../stores/labs-store.ts'
import { useTimelinePageStore } from '../../stores/timeline-page-store.ts'
import { useTimelineStore } from '../../stores/timeline-store.ts'

const NONE: readonly UserAction[] = []

export interface LaneRows {
  lanes: ComputedRef<Lanes>
  rows: ComputedRef<readonly LaneRow[]>
  actions: ComputedRef<readonly UserAction[]>
  entryMatches: ComputedRef<(entry: TimelineEntry) => boolean>
  /** Those of the present lab, in one. */
  simulated: ComputedRef<{ count: number; summary: string }>
}

export function useLaneRows(): LaneRows {
  const { t } = useI18n()
  const cluster = useClusterStore()
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
  const simulated = computed(() => {
    const nodes = cluster.viewOf(lab.value)?.nodes.filter((node) => node.simulated !== undefined) ?? []
    const { ready, notReady, pods } = summarizeSimulated(nodes)
    const counts = { ready, notReady, pods: countPods(pods), podsReady: pods.ready }
    return { count: labs.current?.simulatedNodes?.count ?? 0, summary: t('timeline.simulatedNow', counts) }
  })
  const rows = computed(() =>
    computeLaneRows(lanes.value, {
      matches: laneMatches.value,
      sort: page.sort,
      closedNodes: page.closedNodes,
      openPods: page.openPods,
      actions: actions.value,
      simulated: simulated.value,
    }),
  )
  return { lanes, rows, actions, entryMatches, simulated }
}
