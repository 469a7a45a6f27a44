/** What each lab's API server says now: nodes and pods. Replaced as a whole, never changed in place. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ClusterView } from '@common/lab/cluster-view.ts'

export const useClusterStore = defineStore('cluster', () => {
  const views = shallowRef<ReadonlyMap<string, ClusterView>>(new Map())

  function setView(view: ClusterView): void {
    views.value = new Map([...views.value, [view.lab, view]])
  }

  /** What was asked for; a view that came as an event meanwhile stays, being newer. `null`: no control plane. */
  function setFetched(lab: string, view: ClusterView | null): void {
    if (view === null) return removeLab(lab)
    const known = views.value.get(lab)
    if (known === undefined || Date.parse(known.observedAt) <= Date.parse(view.observedAt)) setView(view)
  }

  function removeLab(lab: string): void {
    views.value = new Map([...views.value].filter(([name]) => name !== lab))
  }

  function viewOf(lab: string): ClusterView | undefined {
    return views.value.get(lab)
  }

  return { views, setView, setFetched, removeLab, viewOf }
})
