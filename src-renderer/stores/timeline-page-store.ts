/** How the Timeline page was left: filters, order, what is unfolded, which clock. */
import { defineStore } from 'pinia'
import { reactive, ref } from 'vue'
import type { LaneSort } from '../model/lane-rows.ts'
import { NO_FILTER, type TimelineFilter } from '../model/timeline-filter.ts'

export type TimelineLook = 'lanes' | 'list'
/** Whose clock the axis shows. */
export type TimelineClock = 'local' | 'utc'

export const useTimelinePageStore = defineStore('timeline-page', () => {
  const look = ref<TimelineLook>('lanes')
  const filter = reactive<TimelineFilter>({ ...NO_FILTER })
  const showsActions = ref(true)
  const sort = ref<LaneSort>('node')
  const clock = ref<TimelineClock>('local')
  const closedNodes = ref<ReadonlySet<string>>(new Set())
  const openPods = ref<ReadonlySet<string>>(new Set())

  function clearFilter(): void {
    Object.assign(filter, NO_FILTER)
  }

  function toggleNode(node: string): void {
    closedNodes.value = toggled(closedNodes.value, node)
  }

  function togglePod(key: string): void {
    openPods.value = toggled(openPods.value, key)
  }

  return { look, filter, showsActions, sort, clock, closedNodes, openPods, clearFilter, toggleNode, togglePod }
})

function toggled(set: ReadonlySet<string>, item: string): ReadonlySet<string> {
  const next = new Set(set)
  if (!next.delete(item)) next.add(item)
  return next
}
