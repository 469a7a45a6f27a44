/** Timeline entries of each lab, oldest first. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import { foldEntries } from '../model/timeline-fold.ts'

/** Enough for hours of a busy lab; the nodes keep the rest. */
const MAXIMUM_ENTRIES = 5_000
const NONE: readonly TimelineEntry[] = []

export const useTimelineStore = defineStore('timeline', () => {
  const byLab = shallowRef<ReadonlyMap<string, readonly TimelineEntry[]>>(new Map())

  function add(lab: string, entries: readonly TimelineEntry[]): void {
    const known = entriesOf(lab)
    const folded = foldEntries(known, entries, MAXIMUM_ENTRIES)
    if (folded !== known) byLab.value = new Map([...byLab.value, [lab, folded]])
  }

  function removeLab(lab: string): void {
    byLab.value = new Map([...byLab.value].filter(([key]) => key !== lab))
  }

  function entriesOf(lab: string): readonly TimelineEntry[] {
    return byLab.value.get(lab) ?? NONE
  }

  return { byLab, add, removeLab, entriesOf }
})
