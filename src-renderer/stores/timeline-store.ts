/** Timeline entries of each lab, oldest first. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import { EntryFold } from '../model/timeline-fold.ts'
import { wellFormedEntries } from '../model/well-formed.ts'

/** Enough for hours of a busy lab; the nodes keep the rest. */
const MAXIMUM_ENTRIES = 30_000
const NONE: readonly TimelineEntry[] = []

export const useTimelineStore = defineStore('timeline', () => {
  const byLab = shallowRef<ReadonlyMap<string, readonly TimelineEntry[]>>(new Map())

  const folds = new Map<string, EntryFold>()

  function add(lab: string, entries: readonly TimelineEntry[]): void {
    const fold = folds.get(lab) ?? new EntryFold(MAXIMUM_ENTRIES)
    folds.set(lab, fold)
    const folded = fold.add(wellFormedEntries(entries))
    if (folded !== entriesOf(lab)) byLab.value = new Map([...byLab.value, [lab, folded]])
  }

  function removeLab(lab: string): void {
    folds.delete(lab)
    byLab.value = new Map([...byLab.value].filter(([key]) => key !== lab))
  }

  function entriesOf(lab: string): readonly TimelineEntry[] {
    return byLab.value.get(lab) ?? NONE
  }

  /** The same list as long as nothing new happened on the node. */
  function entriesOfNode(lab: string, node: string): readonly TimelineEntry[] {
    return byLab.value.has(lab) ? (folds.get(lab)?.ofNode(node) ?? NONE) : NONE
  }

  return { byLab, add, removeLab, entriesOf, entriesOfNode }
})
