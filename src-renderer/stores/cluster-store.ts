/** What each lab's API server says now: nodes and pods. Replaced as a whole, never changed in place. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { applyClusterChange, type ClusterChange, type ClusterView } from '@common/lab/cluster-view.ts'
import { wellFormedPods } from '../model/well-formed.ts'

export const useClusterStore = defineStore('cluster', () => {
  const views = shallowRef<ReadonlyMap<string, ClusterView>>(new Map())

  function setView(view: ClusterView): void {
    views.value = new Map([...views.value, [view.lab, { ...view, pods: wellFormedPods(view.pods) }]])
  }

  /** False: changes before this one are missing, so that the whole has to be fetched. */
  function apply(change: ClusterChange): boolean {
    const known = views.value.get(change.lab)
    const changed = applyClusterChange(known, { ...change, pods: wellFormedPods(change.pods) })
    if (changed !== undefined && changed !== known) setView(changed)
    return changed !== undefined
  }

  /** What was asked for; a view that has later changes already stays. `null`: no control plane. */
  function setFetched(lab: string, view: ClusterView | null): void {
    if (view === null) return removeLab(lab)
    const known = views.value.get(lab)
    if (known === undefined || known.revision <= view.revision) setView(view)
  }

  function removeLab(lab: string): void {
    views.value = new Map([...views.value].filter(([name]) => name !== lab))
  }

  function viewOf(lab: string): ClusterView | undefined {
    return views.value.get(lab)
  }

  return { views, apply, setFetched, removeLab, viewOf }
})
